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

// The kinds of fault that Dynamics 365 adds to those of every stand-in, and to those of Entra.
const (
	// KindError answers a call with a good token with an error of Fault.Code, such as "0x80040220". Fault.Status replaces
	// the status that goes with the code; a wait is told in Retry-After.
	KindError sandbox.Kind = "api_error"
	// KindDeep answers with JSON nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
)

// apiErrors are errors of the Web API: the status that goes with each, and what is said (web-service-error-codes,
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

// codeForm is what the codes look like.
var codeForm = regexp.MustCompile(`^0x[0-9A-Fa-f]{8}$`)

// check says what is wrong with a fault of the kinds above, or of Entra's.
func check(f sandbox.Fault) error {
	if ok, err := entra.Check(f); ok {
		return err
	}
	switch {
	case f.Kind == KindDeep:
		return nil
	case f.Kind != KindError:
		return f.UnknownKindError()
	}
	return cmp.Or(f.CheckCode(codeForm, "one of Dataverse's codes, such as 0x80040220"), f.CheckStatus())
}

// Error is an error of the Web API, with the status and the words that go with the code.
func Error(code string) sandbox.Fault { return sandbox.Fault{Kind: KindError, Code: code} }

// RequestLimit is the service protection's refusal of too many requests, with the wait that it asks for.
func RequestLimit(wait time.Duration) sandbox.Fault { return Error("0x80072322").Wait(wait) }

// Deep is an answer nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// apiError is an answer that is no success.
type apiError struct {
	status        int
	code, message string // empty: an empty body
	header        http.Header
}

func newAPIError(status int, code, message string, args ...any) *apiError {
	return &apiError{status: status, code: code, message: fmt.Sprintf(message, args...)}
}

// scripted is a refusal that a fault orders.
func scripted(f sandbox.Fault) *apiError {
	usual := apiErrors[strings.ToLower(f.Code)]
	r := &apiError{
		status: cmp.Or(f.Status, usual.status, http.StatusBadRequest), code: f.Code,
		message: cmp.Or(f.Message, usual.text, "The request was rejected."),
	}
	if f.WaitMilliseconds > 0 {
		r.header = http.Header{"Retry-After": {f.RetryAfter()}}
	}
	return r
}

func (r *apiError) answer() sandbox.Response {
	answer := sandbox.Response{Status: r.status, Header: http.Header{}}
	if r.code != "" {
		answer = jsonResponse(r.status, map[string]any{"error": map[string]string{"code": r.code, "message": r.message}})
	}
	maps.Copy(answer.Header, r.header)
	return answer
}

func deep() sandbox.Response {
	return sandbox.DeepJSON(jsonResponse(http.StatusOK, nil), "value")
}
