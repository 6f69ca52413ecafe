package netsuite

import (
	"cmp"
	"net/http"
	"regexp"
	"strconv"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that NetSuite adds to those of every stand-in.
const (
	// KindLoginError rejects the sign-in with the reason Fault.Code. The account's settings decide whether the client
	// gets the reason.
	KindLoginError sandbox.Kind = "login_error"
	// KindAPIError returns an error with Fault.Code, in the form of the called service.
	KindAPIError sandbox.Kind = "api_error"
)

var kinds = sandbox.Kinds{
	KindLoginError: sandbox.BeforeSignIn(needsCode), KindAPIError: needsCode, sandbox.KindDeep: nil, sandbox.KindEcho: nil,
}

// apiError is an error of the REST web services.
type apiError struct {
	status       int
	code, detail string
	retryAfter   int // seconds; 0 means no header
}

// knownErrors are the status and the message of each code.
var knownErrors = map[string]apiError{
	"INSUFFICIENT_PERMISSION": {status: http.StatusForbidden, detail: "Permission Violation: You need the 'Lists -> Contacts' " +
		"permission to access this page. Please contact your account administrator."},
	"INVALID_PARAMETER": {status: http.StatusBadRequest, detail: "Invalid search query. Detailed unprocessed description follows. " +
		"Search error occurred: Invalid or unsupported search."},
	"INVALID_LOGIN": {status: http.StatusUnauthorized, detail: "Invalid login attempt. For more details, see the Login Audit " +
		"Trail in the NetSuite UI at Setup > Users/Roles > User Management > View Login Audit Trail."},
	"INVALID_HEADER": {
		status: http.StatusBadRequest, detail: "Required header 'Prefer' is missing or its value is not 'transient'.",
	},
	"INVALID_METHOD": {status: http.StatusMethodNotAllowed, detail: "The method is not allowed for this resource."},
	"INVALID_URL":    {status: http.StatusNotFound, detail: "The requested resource does not exist."},
	"NONEXISTENT_ID": {
		status: http.StatusNotFound, detail: "The record instance does not exist. Provide a valid record instance ID.",
	},
	"UNEXPECTED_ERROR": {status: http.StatusInternalServerError, detail: "An unexpected error occurred. Error ID: l0ngandopaque"},
	"USER_ERROR": {
		status: http.StatusBadRequest, detail: "Your current role does not have permission to perform this action.",
	},
	"REQUEST_LIMIT_EXCEEDED": {
		status: http.StatusTooManyRequests, detail: "Concurrent request limit exceeded. Request blocked.",
	},
	"SSS_REQUEST_LIMIT_EXCEEDED": {status: http.StatusBadRequest, detail: "Request limit exceeded."},
}

func newAPIError(code, detail string) *apiError {
	e := knownErrors[code]
	return &apiError{status: cmp.Or(e.status, http.StatusBadRequest), code: code, detail: cmp.Or(detail, e.detail)}
}

// scriptedError returns the error of a fault.
func scriptedError(f sandbox.Fault) *apiError {
	e := newAPIError(f.Code, f.Message)
	e.status = cmp.Or(f.Status, e.status)
	e.retryAfter = int((f.WaitMilliseconds + 999) / 1000)
	return e
}

// restletStatus is the status of an error from RESTlets: they have no separate status for limits (NetSuite help,
// "Errors Related to Concurrency Violations").
func (e *apiError) restletStatus() int {
	if e.status == http.StatusTooManyRequests {
		return http.StatusBadRequest
	}
	return e.status
}

// response is the error in the form of the REST web services (NetSuite help, "Error Handling in REST Web Services").
func (e *apiError) response() sandbox.Response {
	sections := map[int]string{
		http.StatusBadRequest: "15.5.1", http.StatusUnauthorized: "15.5.2", http.StatusForbidden: "15.5.4",
		http.StatusNotFound: "15.5.5", http.StatusMethodNotAllowed: "15.5.6", http.StatusInternalServerError: "15.6.1",
	}
	kind := "https://www.rfc-editor.org/rfc/rfc9110.html"
	if section, ok := sections[e.status]; ok {
		kind += "#section-" + section
	}
	response := jsonResponse(e.status, map[string]any{
		"type": kind, "title": http.StatusText(e.status), "status": e.status,
		"o:errorDetails": []map[string]string{{"detail": e.detail, "o:errorCode": e.code}},
	})
	response.Header.Set("Content-Type", "application/vnd.oracle.resource+json; type=error; charset=UTF-8")
	return response
}

func (e *apiError) withRetryAfter(response sandbox.Response) sandbox.Response {
	if e.retryAfter > 0 {
		response.Header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	return response
}

// codeForm matches NetSuite's codes.
var codeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

var needsCode = sandbox.NeedsCode(codeForm, "one of NetSuite's error codes")

// LoginError is a rejected sign-in: token_rejected, timestamp_refused, consumer_key_refused and so on.
func LoginError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindLoginError, Code: code} }

// APIError is an error of the called service, with the status and the message of the code.
func APIError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindAPIError, Code: code} }

// TooMany is NetSuite's throttling, with the wait. 0 means no wait, which is the normal case.
func TooMany(wait time.Duration) sandbox.Fault { return APIError("REQUEST_LIMIT_EXCEEDED").Wait(wait) }

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is a service that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }
