package call

import (
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ErrorPattern is a failure that a system's text tells apart from others with the same code. Texts change where codes do not,
// so this is for systems that leave no choice.
type ErrorPattern struct {
	// Code is the system's code; empty for any.
	Code string
	// Contains is what the text contains, in lower case.
	Contains string
	// Fault is the fault.
	Fault target.Code
	// Field is the field of the connection to mend, where the fault's own would be wrong.
	Field string
}

// SystemError are what a system said about a failure in its own protocol. They are the cause of the fault, for errors.As.
type SystemError struct {
	// Code is its machine-readable code.
	Code string
	// Message is its text for people.
	Message string
	// RetryAfter is the wait it asks for; zero if it asks for none.
	RetryAfter time.Duration
}

// Error gives text and code, as the system said them.
func (w *SystemError) Error() string {
	switch {
	case w.Message == "":
		return w.Code
	case w.Code == "" || strings.Contains(w.Message, w.Code):
		return w.Message
	}
	return w.Message + " (" + w.Code + ")"
}

// statusCode is the fault that an HTTP status means where the system says nothing more.
func statusCode(status int) target.Code {
	switch {
	case status == http.StatusTooManyRequests:
		return target.Throttled
	case status == http.StatusUnauthorized:
		return target.GivenCredentials
	case status == http.StatusForbidden:
		return target.InsufficientPermission
	case status == http.StatusRequestTimeout, status >= 500:
		return target.SystemNotAvailable
	}
	return target.Misconfigured
}
