package call

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

// SystemError is what a system reported about a failure in its own protocol. It is the cause of the fault, for errors.As.
type SystemError struct {
	// Code is the machine-readable code.
	Code string
	// Message is the text, and Markup reports that it is a part of a page.
	Message string
	Markup  bool
	// RetryAfter is the requested wait; zero if the system requested none.
	RetryAfter time.Duration
}

// Error returns the text and the code, as the system reported them.
func (e *SystemError) Error() string { return e.Text().String() }

// Text is Error as a text to show.
func (e *SystemError) Text() target.Text {
	message := target.Say("%s", e.Message)
	if e.Markup {
		message = target.Say("%s", target.Markup(e.Message))
	}
	switch {
	case e.Message == "":
		return target.Say("%s", e.Code)
	case e.Code == "" || strings.Contains(e.Message, e.Code):
		return message
	}
	return target.Say("%s (%s)", message, e.Code)
}

// Classifier decides the fault of a failed call. The part that all systems share is decided here, from the transport's error
// or from the HTTP status; the meaning of a system's own errors comes from its package, as [SystemError] and Errors. The
// order is: a rate limit, then a known error, then a challenge of the system, then a web page or plain text, then the status.
// Only a known error or challenge is a verdict on the credentials ([target.Fault.Certain]).
type Classifier struct {
	// Address is the name of the field with the system's address.
	Address string
	// Errors is the system's known errors.
	Errors errortable.Table
	// Challenges are the authentication schemes, in lower case, that the system itself requests with the status 401. Such a
	// response rejects the credentials, whatever its body is: IIS, for example, answers a wrong password with a web page.
	Challenges []string
}

// FaultOf returns the fault of a response; nil if it is a success. The system error is nil if the system reported no failure
// in its own protocol.
func (c Classifier) FaultOf(r Response, systemErr *SystemError) *target.Fault {
	if systemErr == nil && r.IsSuccess() {
		if r.IsPage() {
			return c.UnusableResponse(r, "not data")
		}
		return nil
	}
	if r.Status == http.StatusProxyAuthRequired {
		return proxyFault(false, "The proxy in between requires a sign-in of its own (HTTP 407).")
	}
	fault := &target.Fault{Code: statusCode(r.Status), Message: r.describe(), RetryAfter: retryAfter(r.Header, time.Now())}
	if systemErr == nil {
		return c.withoutError(r, fault)
	}
	meaning := c.decide(fault, r, systemErr)
	if systemErr.RetryAfter > 0 {
		fault.RetryAfter = min(systemErr.RetryAfter, maxRetryAfter)
	}
	fault.Cause = systemErr
	silent := strings.TrimSpace(systemErr.Message) == ""
	switch {
	case silent && meaning != "":
		fault.Message = target.Say("%s (%s)", target.Own(meaning), systemErr.Code)
	case !silent:
		fault.Message = systemErr.Text()
	case systemErr.Code != "" && !fault.Message.Contains(systemErr.Code):
		fault.Message = target.Say("%s with the code %q.", r.returned(), systemErr.Code)
	}
	return fault
}

// decide decides the fault of a response with an error of the system. It returns what a known error means.
func (c Classifier) decide(fault *target.Fault, r Response, systemErr *SystemError) (meaning string) {
	known, ok := c.Errors.Find(systemErr.Code, Start(systemErr.Message))
	switch {
	case r.Status == http.StatusTooManyRequests:
	case ok:
		fault.Code, fault.Field, fault.NoField, fault.Hint = known.Fault, known.Field, known.NoField, known.Help
		fault.Certain, fault.Unclear = known.Certain, known.Fault == target.GivenCredentials && !known.Certain
	case r.Status == http.StatusUnauthorized && c.isChallenged(r):
		fault.Certain = true
	default:
		fault.Unclear = isRefusal(r.Status)
	}
	return known.Meaning
}

// withoutError decides the fault of a failed response without an error of the system.
func (c Classifier) withoutError(r Response, fault *target.Fault) *target.Fault {
	switch {
	case r.Status == http.StatusUnauthorized && c.isChallenged(r):
		fault.Certain = true
		return fault
	case (r.IsPage() || r.isText()) && fault.Code != target.SystemNotAvailable && fault.Code != target.Throttled:
		fault.Code, fault.Field = target.Misconfigured, c.Address
	}
	fault.Unclear = isRefusal(r.Status)
	return fault
}

// isChallenged reports whether a response requests a scheme of the system.
func (c Classifier) isChallenged(r Response) bool {
	return slices.ContainsFunc(Schemes(r.Header), func(scheme string) bool {
		return slices.Contains(c.Challenges, strings.ToLower(scheme))
	})
}

// isRefusal reports whether a status looks like a refusal of the credentials.
func isRefusal(status int) bool {
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// UnusableResponse returns the fault of a response that does not follow the system's protocol. The reason completes the
// sentence "The response is …"; for its arguments see [target.Say].
func (c Classifier) UnusableResponse(r Response, reason target.Own, args ...any) *target.Fault {
	fault := &target.Fault{Code: target.Misconfigured, Field: c.Address, Unclear: isRefusal(r.Status)}
	if code := statusCode(r.Status); code == target.SystemNotAvailable {
		fault = &target.Fault{Code: code, RetryAfter: retryAfter(r.Header, time.Now())}
	}
	fault.Message = r.describe()
	if !r.IsPage() {
		fault.Message = target.Say("%s The response is %s.", fault.Message, target.Say(reason, args...))
	}
	return fault
}

// UnexpectedResponse returns the fault of a readable response that lacks the requested data. The message is a
// sentence; for its arguments see [target.Say].
func (c Classifier) UnexpectedResponse(message target.Own, args ...any) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: c.Address, Message: target.Say(message, args...)}
}

// UnreadableResponse returns the fault of a response that could not be decoded, with the decoder's error (see [DecodeJSON]).
func (c Classifier) UnreadableResponse(r Response, err error) *target.Fault {
	fault := c.UnusableResponse(r, "%s", err)
	if errors.Is(err, errEmpty) {
		fault.Message = r.describe() // it says so already
	}
	if errors.Is(err, ErrTruncated) {
		fault.Code, fault.Field = target.SystemNotAvailable, ""
	}
	return fault
}

// statusCode returns the fault of an HTTP status, if the system reports nothing more specific.
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
