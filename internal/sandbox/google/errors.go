package google

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// challenge is the value of WWW-Authenticate when a token is required.
const challenge = `Bearer realm="https://accounts.google.com/"`

// apiErrors are the errors of the APIs, by the reason in "errors": the status, the status name in the newer APIs, the
// reason of ErrorInfo (google/rpc/error_details.proto), and Google's message.
var apiErrors = map[string]struct {
	status                   int
	canonical, info, message string
}{
	"authError": {
		http.StatusUnauthorized, "UNAUTHENTICATED", "", "Request had invalid authentication credentials. Expected OAuth 2 " +
			"access token, login cookie or other valid authentication credential.",
	},
	// For an account that is suspended or being deleted (google/api/error_reason.proto).
	"ACCOUNT_STATE_INVALID": {
		http.StatusUnauthorized, "UNAUTHENTICATED", "ACCOUNT_STATE_INVALID", "The account is in a state that allows no calls.",
	},
	"required": {
		http.StatusUnauthorized, "UNAUTHENTICATED", "CREDENTIALS_MISSING",
		"Request is missing required authentication credential. Expected OAuth 2 access token.",
	},
	"insufficientPermissions": {
		http.StatusForbidden, "PERMISSION_DENIED", "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
		"Request had insufficient authentication scopes.",
	},
	"accessNotConfigured": {
		http.StatusForbidden, "PERMISSION_DENIED", "SERVICE_DISABLED", "The API has not been used in project 5550001112 before " +
			"or it is disabled. Enable it by visiting https://console.developers.google.com/apis then retry.",
	},
	"forbidden":          {http.StatusForbidden, "PERMISSION_DENIED", "", "Not Authorized to access this resource/api"},
	"domainPolicy":       {http.StatusForbidden, "PERMISSION_DENIED", "", "The domain policy has disabled third-party apps."},
	"notACalendarUser":   {http.StatusForbidden, "PERMISSION_DENIED", "", "The user must be signed up for Google Calendar."},
	"failedPrecondition": {http.StatusBadRequest, "FAILED_PRECONDITION", "", "Mail service not enabled"},
	"badRequest":         {http.StatusBadRequest, "INVALID_ARGUMENT", "", "Bad Request"},
	"invalidArgument":    {http.StatusBadRequest, "INVALID_ARGUMENT", "", "Invalid argument"},
	"notFound":           {http.StatusNotFound, "NOT_FOUND", "", "Not Found"},
	"rateLimitExceeded":  {http.StatusTooManyRequests, "RESOURCE_EXHAUSTED", "", "Too many concurrent requests for user"},
	"userRateLimitExceeded": {
		http.StatusForbidden, "PERMISSION_DENIED", "", "User Rate Limit Exceeded",
	},
	"quotaExceeded":      {http.StatusForbidden, "PERMISSION_DENIED", "", "Calendar usage limits exceeded."},
	"dailyLimitExceeded": {http.StatusForbidden, "PERMISSION_DENIED", "", "Daily Limit Exceeded"},
	"backendError":       {http.StatusServiceUnavailable, "UNAVAILABLE", "", "The service is currently unavailable."},
	"internalError":      {http.StatusInternalServerError, "INTERNAL", "", "Internal error encountered."},
}

// usageLimits are the reasons for a limit of the project, or of a user in it.
var usageLimits = []string{
	"accessNotConfigured", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded",
}

// apiError is an error of an API.
type apiError struct {
	reason, message, retryAfter string
	status                      int
}

func newAPIError(reason string) *apiError {
	known := apiErrors[reason]
	return &apiError{reason: reason, message: cmp.Or(known.message, reason), status: cmp.Or(known.status, http.StatusBadRequest)}
}

func (e *apiError) withMessage(message string) *apiError {
	e.message = message
	return e
}

// response is the error in the form of the APIs: all of them have code, message and status; the newest, People, has no
// list of errors; reasons for programs are in the details.
func (e *apiError) response(service string) sandbox.Response {
	known := apiErrors[e.reason]
	body := map[string]any{"code": e.status, "message": e.message, "status": cmp.Or(known.canonical, "UNKNOWN")}
	if service != peopleService {
		domain := "global"
		if slices.Contains(usageLimits, e.reason) {
			domain = "usageLimits"
		}
		body["errors"] = []map[string]string{{"message": e.message, "domain": domain, "reason": e.reason}}
	}
	if known.info != "" {
		body["details"] = []map[string]any{{
			"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": known.info, "domain": "googleapis.com",
			"metadata": map[string]string{"service": service},
		}}
	}
	response := jsonResponse(e.status, map[string]any{"error": body})
	switch e.reason {
	case "authError":
		response.Header.Set("Www-Authenticate", challenge+`, error="invalid_token"`)
	case "required":
		response.Header.Set("Www-Authenticate", challenge)
	case "insufficientPermissions":
		response.Header.Set("Www-Authenticate", challenge+`, error="insufficient_scope"`)
	}
	if e.retryAfter != "" {
		response.Header.Set("Retry-After", e.retryAfter)
	}
	return response
}
