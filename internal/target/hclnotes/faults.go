package hclnotes

import (
	"cmp"
	"errors"
	"html"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// webServer is what Domino's web server says on a page about a failure.
var webServer = regexp.MustCompile(`HTTP Web Server: [^<]{1,300}`)

// parseError finds what an answer that is no success says: Domino Access Services in JSON, the web server on a page.
func parseError(a call.Response) *call.SystemError {
	if a.Status < 400 {
		return nil
	}
	var said struct {
		Text    string `json:"text"`
		Message string `json:"message"`
	}
	message := html.UnescapeString(string(webServer.Find(a.Body)))
	if message == "" && call.DecodeJSON(a.Body, &said) == nil {
		message = cmp.Or(said.Message, said.Text)
	}
	if message == "" {
		return nil
	}
	return &call.SystemError{Code: strconv.Itoa(a.Status), Message: message}
}

// The inputs of the login form. Custom forms have them too, since Domino reads them.
var (
	nameInput     = regexp.MustCompile(`(?i)<input[^>]*\sname\s*=\s*["']?Username\b`)
	passwordInput = regexp.MustCompile(`(?i)<input[^>]*\sname\s*=\s*["']?Password\b`)
)

// isLoginForm tells the form with which a server with session authentication answers who is not signed in, or may not do
// what was asked for. Its status is that of success.
func isLoginForm(a call.Response) bool { return nameInput.Match(a.Body) && passwordInput.Match(a.Body) }

// failure is the cause of the fault of an answer: what its kind of failure cannot tell.
type failure struct {
	status int
	form   bool              // the login form
	said   *call.SystemError // nil: nothing
}

func (f *failure) Error() string { return "HTTP " + strconv.Itoa(f.status) }

// Unwrap gives what Domino said.
func (f *failure) Unwrap() error {
	if f.said == nil {
		return nil
	}
	return f.said
}

// refused is the fault of the login form.
func refused(a call.Response, message string) *target.Fault {
	return &target.Fault{
		Code: target.GivenCredentials, Message: message, Cause: &failure{status: a.Status, form: true},
	}
}

// noMail are the words for a name that is found, and has no mail file that the server knows a way to.
var noMail = []string{"cannot build service resource address", "server not found"}

// ofServer knows the failures of GET /api/calendar about the caller.
func ofServer() call.Classifier {
	c := call.Classifier{Address: serverURL, Patterns: []call.ErrorPattern{
		{Contains: "name not found", Fault: target.Misconfigured, Field: username},
	}}
	for _, said := range noMail {
		c.Patterns = append(c.Patterns, call.ErrorPattern{Contains: said, Fault: target.Misconfigured, Field: username})
	}
	return c
}

// ofName knows those of GET /api/calendar about somebody else.
func ofName() call.Classifier {
	c := call.Classifier{Address: serverURL, Patterns: []call.ErrorPattern{
		{Contains: "name not found", Fault: target.UserNotFound},
	}}
	for _, said := range noMail {
		c.Patterns = append(c.Patterns, call.ErrorPattern{Contains: said, Fault: target.UserNotFound})
	}
	return c
}

// statusOf is the HTTP status of the answer that a fault is about; 0 if there was none.
func statusOf(err error) int {
	if f, ok := errors.AsType[*failure](err); ok {
		return f.status
	}
	return 0
}

// isForm tells whether a fault is about the login form.
func isForm(err error) bool {
	f, ok := errors.AsType[*failure](err)
	return ok && f.form
}

// isRefusal tells whether Domino did not let the caller in, by status or by the login form.
func isRefusal(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials
}

// asksForBasic tells whether a server challenges its caller to Basic.
func asksForBasic(a call.Response) bool {
	for _, challenge := range a.Header.Values("WWW-Authenticate") {
		if scheme, _, _ := strings.Cut(strings.TrimSpace(challenge), " "); strings.EqualFold(scheme, "Basic") {
			return a.Status == http.StatusUnauthorized
		}
	}
	return false
}
