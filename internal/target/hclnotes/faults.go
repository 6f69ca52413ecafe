package hclnotes

import (
	"cmp"
	_ "embed" // for the table of errors
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are the errors of Domino Access Services.
var knownErrors = errortable.Of(errorRows)

// webServerError matches the error on a page of Domino's web server.
var webServerError = regexp.MustCompile(`HTTP Web Server: [^<]{1,300}`)

// parseError finds the system error of a response: Domino Access Services return JSON, the web server a page.
func parseError(r call.Response) *call.SystemError {
	if r.Status < 400 {
		return nil
	}
	var body struct {
		Text     string `json:"text"`
		Message  string `json:"message"`
		Calendar int    `json:"cserror"`
	}
	message := call.FindText(webServerError, call.Start(r.Body))
	markup := message != ""
	if message == "" && call.DecodeJSON(r.Body, &body) == nil {
		message = cmp.Or(body.Message, body.Text)
	}
	if message == "" {
		return nil
	}
	code := strconv.Itoa(r.Status)
	if body.Calendar != 0 {
		code = "cserror " + strconv.Itoa(body.Calendar)
	}
	return &call.SystemError{Code: code, Message: message, Markup: markup}
}

// The inputs of the login form. Custom forms have them too, since Domino requires them.
var (
	nameInput     = regexp.MustCompile(`(?i)<input[^>]*\sname\s*=\s*["']?Username\b`)
	passwordInput = regexp.MustCompile(`(?i)<input[^>]*\sname\s*=\s*["']?Password\b`)
)

// isLoginForm reports whether a response is the login form: a server with session authentication returns it, with a success
// status, to a caller who is not signed in or lacks a right.
func isLoginForm(r call.Response) bool {
	page := call.Start(r.Body)
	return nameInput.Match(page) && passwordInput.Match(page)
}

// responseError is the cause of a fault, with the details that the fault does not have.
type responseError struct {
	status    int
	loginForm bool              // the login form
	systemErr *call.SystemError // nil if there is no known error
}

func (f *responseError) Error() string { return "HTTP " + strconv.Itoa(f.status) }

// Unwrap returns the system error.
func (f *responseError) Unwrap() error {
	if f.systemErr == nil {
		return nil
	}
	return f.systemErr
}

// loginFormFault returns the fault of the login form.
func loginFormFault(r call.Response, message target.Own) *target.Fault {
	return &target.Fault{
		Code: target.GivenCredentials, Certain: true, Message: target.Say(message),
		Cause: &responseError{status: r.Status, loginForm: true},
	}
}

// classifier maps the errors that all calls share to faults.
func classifier() call.Classifier {
	return call.Classifier{Address: serverURL, Challenges: []string{"basic"}, Errors: knownErrors()}
}

// serverClassifier maps the errors of calls about the caller to faults: a name that does not exist is that of the connection.
func serverClassifier() call.Classifier {
	c := classifier()
	var own []errortable.Row
	for _, row := range c.Errors.Rows() {
		if row.Fault == target.UserNotFound {
			row.Fault, row.Field = target.Misconfigured, username
			own = append(own, row)
		}
	}
	c.Errors = c.Errors.With(own...)
	return c
}

// statusOf returns the HTTP status of the response that a fault is about; 0 if there was no response.
func statusOf(err error) int {
	if f, ok := errors.AsType[*responseError](err); ok {
		return f.status
	}
	return 0
}

// isLoginFormFault reports whether a fault is about the login form.
func isLoginFormFault(err error) bool {
	f, ok := errors.AsType[*responseError](err)
	return ok && f.loginForm
}

// isRejection reports whether Domino rejected the caller, by status or by the login form.
func isRejection(err error) bool {
	fault, ok := target.AsFault(err)
	return ok && fault.Code == target.GivenCredentials
}

// offersBasic reports whether a server requests Basic authentication.
func offersBasic(r call.Response) bool {
	for _, challenge := range r.Header.Values("WWW-Authenticate") {
		if scheme, _, _ := strings.Cut(strings.TrimSpace(challenge), " "); strings.EqualFold(scheme, "Basic") {
			return r.Status == http.StatusUnauthorized
		}
	}
	return false
}
