package dynamics365

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// The kinds of fault that Dynamics 365 adds to those of every stand-in and of Entra.
const (
	// KindError returns an error with Fault.Code, such as "0x80040220", for a call with a valid token. Fault.Status
	// replaces the status of the code; a wait is returned in Retry-After.
	KindError sandbox.Kind = "api_error"
)

var kinds = sandbox.Kinds{
	KindError:        sandbox.NeedsCode(codeForm, "one of Dataverse's codes, such as 0x80040220"),
	sandbox.KindDeep: nil, sandbox.KindEcho: nil,
}.With(entra.Kinds)

// apiErrors are the errors of the Web API: the status and the message of each code (web-service-error-codes,
// api-limits).
var apiErrors = map[string]struct {
	status int
	text   string
}{
	"0x80040216": {http.StatusInternalServerError, "An unexpected error occurred."},
	"0x80040217": {http.StatusNotFound, "The requested record was not found."},
	"0x80040220": {http.StatusForbidden, "Principal user is missing prvReadContact privilege."},
	"0x80040225": {http.StatusForbidden, "The specified user is disabled. Consider enabling this user."},
	"0x80044150": {http.StatusInternalServerError, "Sql error: Generic SQL error."},
	"0x80044151": {http.StatusInternalServerError, "SQL timeout expired."},
	"0x80048306": {http.StatusForbidden, "Not enough privilege to access the Microsoft Dynamics CRM object."},
	"0x8004d24b": {http.StatusForbidden, "The user is not assigned any License."},
	"0x80060888": {http.StatusNotFound, "Resource not found for the segment."},
	"0x80072321": {http.StatusTooManyRequests, "Combined execution time of incoming requests exceeded limit of " +
		"1,200,000 milliseconds over time window of 300 seconds."},
	"0x80072322": {http.StatusTooManyRequests, "Number of requests exceeded the limit of 6000 over time window of 300 seconds."},
	"0x80072326": {http.StatusTooManyRequests, "Number of concurrent requests exceeded the limit of 52."},
	"0x80072560": {http.StatusForbidden, "The user is not a member of the organization."},
}

// codeForm matches the codes.
var codeForm = regexp.MustCompile(`^0x[0-9A-Fa-f]{8}$`)

// Error is an error of the Web API, with the status and the message of the code.
func Error(code string) sandbox.Fault { return sandbox.Fault{Kind: KindError, Code: code} }

// RequestLimit is the service protection's error for too many requests, with the wait.
func RequestLimit(wait time.Duration) sandbox.Fault { return Error("0x80072322").Wait(wait) }

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is a Web API that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }

// apiError is an error response.
type apiError struct {
	status        int
	code, message string // empty means an empty body
	header        http.Header
}

func newAPIError(status int, code, message string, args ...any) *apiError {
	return &apiError{status: status, code: code, message: fmt.Sprintf(message, args...)}
}

// scriptedError returns the error of a fault.
func scriptedError(f sandbox.Fault) *apiError {
	known := apiErrors[strings.ToLower(f.Code)]
	r := &apiError{
		status: cmp.Or(f.Status, known.status, http.StatusBadRequest), code: f.Code,
		message: cmp.Or(f.Message, known.text, "The request was rejected."),
	}
	if f.WaitMilliseconds > 0 {
		r.header = http.Header{"Retry-After": {f.RetryAfter()}}
	}
	return r
}

func (r *apiError) response() sandbox.Response {
	response := sandbox.Response{Status: r.status, Header: http.Header{}}
	if r.code != "" {
		response = jsonResponse(r.status, map[string]any{"error": map[string]string{"code": r.code, "message": r.message}})
	}
	maps.Copy(response.Header, r.header)
	return response
}
