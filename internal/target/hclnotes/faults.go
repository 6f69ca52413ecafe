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

// webServerError is what Domino's web server says on a page about a failure.
var webServerError = regexp.MustCompile(`HTTP Web Server: [^<]{1,300}`)

// parseError finds what an answer that is no success says: Domino Access Services in JSON, the web server on a page.
func parseError(r call.Response) *call.SystemError {
	if r.Status < 400 {
		return nil
	}
	var body struct {
		Text    string `json:"text"`
		Message string `json:"message"`
	}
	message := html.UnescapeString(string(webServerError.Find(r.Body)))
	if message == "" && call.DecodeJSON(r.Body, &body) == nil {
		message = cmp.Or(body.Message, body.Text)
	}
	if message == "" {
		return nil
	}
	return &call.SystemError{Code: strconv.Itoa(r.Status), Message: message}
}

// The inputs of the login form. Custom forms have them too, since Domino reads them.
var (
	nameInput     = regexp.MustCompile(`(?i)<input[^>]*\sname\s*=\s*["']?Username\b`)
	passwordInput = regexp.MustCompile(`(?i)<input[^>]*\sname\s*=\s*["']?Password\b`)
)

// isLoginForm tells the form with which a server with session authentication answers who is not signed in, or may not do
// what was asked for. Its status is that of success.
func isLoginForm(r call.Response) bool { return nameInput.Match(r.Body) && passwordInput.Match(r.Body) }

// responseError is the cause of the fault of an answer: what its kind of failure cannot tell.
type responseError struct {
	status    int
	loginForm bool              // the login form
	systemErr *call.SystemError // nil: nothing
}

func (f *responseError) Error() string { return "HTTP " + strconv.Itoa(f.status) }

// Unwrap gives what Domino said.
func (f *responseError) Unwrap() error {
	if f.systemErr == nil {
		return nil
	}
	return f.systemErr
}

// loginFormFault is the fault of the login form.
func loginFormFault(r call.Response, message string) *target.Fault {
	return &target.Fault{
		Code: target.GivenCredentials, Message: message, Cause: &responseError{status: r.Status, loginForm: true},
	}
}

// noMailTexts are the words for a name that is found, and has no mail file that the server knows a way to.
var noMailTexts = []string{"cannot build service resource address", "server not found"}

// serverClassifier knows the failures of GET /api/calendar about the caller.
func serverClassifier() call.Classifier {
	c := call.Classifier{Address: serverURL, Patterns: []call.ErrorPattern{
		{Contains: "name not found", Fault: target.Misconfigured, Field: username},
	}}
	for _, text := range noMailTexts {
		c.Patterns = append(c.Patterns, call.ErrorPattern{Contains: text, Fault: target.Misconfigured, Field: username})
	}
	return c
}

// nameClassifier knows those of GET /api/calendar about somebody else.
func nameClassifier() call.Classifier {
	c := call.Classifier{Address: serverURL, Patterns: []call.ErrorPattern{
		{Contains: "name not found", Fault: target.UserNotFound},
	}}
	for _, text := range noMailTexts {
		c.Patterns = append(c.Patterns, call.ErrorPattern{Contains: text, Fault: target.UserNotFound})
	}
	return c
}

// statusOf is the HTTP status of the answer that a fault is about; 0 if there was none.
func statusOf(err error) int {
	if f, ok := errors.AsType[*responseError](err); ok {
		return f.status
	}
	return 0
}

// isLoginFormFault tells whether a fault is about the login form.
func isLoginFormFault(err error) bool {
	f, ok := errors.AsType[*responseError](err)
	return ok && f.loginForm
}

// isRejection tells whether Domino did not let the caller in, by status or by the login form.
func isRejection(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials
}

// offersBasic tells whether a server challenges its caller to Basic.
func offersBasic(r call.Response) bool {
	for _, challenge := range r.Header.Values("WWW-Authenticate") {
		if scheme, _, _ := strings.Cut(strings.TrimSpace(challenge), " "); strings.EqualFold(scheme, "Basic") {
			return r.Status == http.StatusUnauthorized
		}
	}
	return false
}
