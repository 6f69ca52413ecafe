package target

import (
	"errors"
	"slices"
	"time"
)

// Code names why a test, a save or a cycle failed.
type Code string

// The fault codes. The titles of the first two are Riva's own, word for word.
const (
	SystemNotAvailable     Code = "system_not_available"
	GivenCredentials       Code = "given_credentials"
	WrongIdentity          Code = "wrong_identity"
	InsufficientPermission Code = "insufficient_permission"
	UserNotFound           Code = "user_not_found"
	Throttled              Code = "throttled"
	Misconfigured          Code = "misconfigured"
)

// Codes lists every fault code, in the order of the reference documentation.
func Codes() []Code {
	return []Code{
		SystemNotAvailable, GivenCredentials, WrongIdentity, InsufficientPermission, UserNotFound, Throttled, Misconfigured,
	}
}

// Title is the headline of a fault.
func (c Code) Title() string {
	switch c {
	case SystemNotAvailable:
		return "Cannot Connect to the Target System - System Not Available"
	case GivenCredentials:
		return "Cannot Connect to the Target System with Given Credentials"
	case WrongIdentity:
		return "Signed In to the Target System as Another User"
	case InsufficientPermission:
		return "The Service Account Lacks a Permission in the Target System"
	case UserNotFound:
		return "The User Cannot Be Found in the Target System"
	case Throttled:
		return "The Target System Asks to Slow Down"
	case Misconfigured:
		return "The Settings of the Connection Cannot Work"
	}
	return string(c)
}

// Retryable reports whether the same call can succeed later without any change of the connection.
func (c Code) Retryable() bool { return c == SystemNotAvailable || c == Throttled }

// Fault is the reason why a target system could not be used. It is an error; its text is safe to show.
type Fault struct {
	// Code names the fault.
	Code Code
	// Message is the system's own message, or ours if there was none. It is safe to show once a session of package call
	// has returned it.
	Message Text
	// Help is what to do next, in order: constants, since it is not scrubbed.
	Help []string
	// Hint is the help step for exactly this error; it goes before the others. It is a constant too.
	Hint string
	// Field is the field of the connection to correct; empty if no field caused the fault.
	Field string
	// NoField means that no field of the connection can have caused the fault, whatever the declaration says.
	NoField bool
	// RetryAfter is the wait that the system requested; zero if it requested none.
	RetryAfter time.Duration
	// Certain means that the fault is a known statement about the secret: the system's own code, or its documented response, says
	// that the secret is wrong, expired, revoked or locked. Only such a fault is a verdict on the credentials.
	Certain bool
	// Unclear means that the response looks like a refusal of the credentials (401 or 403), but that it contains no known
	// statement of the system: a proxy, a firewall or a sign-in page may have sent it.
	Unclear bool
	// Identity is who signed in, if it is somebody else than expected; nil otherwise. It is safe to show like Message.
	Identity *Identity
	// Cause is the error below, for errors.Is and errors.As. It is never shown.
	Cause error
}

// Error returns the title and the message on one line.
func (f *Fault) Error() string {
	if f.Message.IsZero() {
		return f.Code.Title()
	}
	return f.Code.Title() + ": " + f.Message.String()
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// AsFault finds the fault in an error.
func AsFault(err error) (*Fault, bool) {
	var fault *Fault
	ok := errors.As(err, &fault)
	return fault, ok
}

// WithField sets the field to correct, if the error is a fault with one of the codes and without a field. It returns any
// other error unchanged, a fault about no field, and an unclear refusal of credentials: it accuses none of them.
func WithField(err error, field string, codes ...Code) error {
	fault, ok := AsFault(err)
	if !ok || fault.Field != "" || fault.NoField || !slices.Contains(codes, fault.Code) {
		return err
	}
	if fault.Code == GivenCredentials && fault.Unclear {
		return err
	}
	named := *fault
	named.Field = field
	return &named
}
