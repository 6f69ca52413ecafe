package sugarcrm

import (
	"net/http"
	"regexp"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that Sugar adds to those of every stand-in.
const (
	// KindAPIError returns an error with Fault.Code, one of Sugar's error labels. Fault.Status replaces the status of
	// the label.
	KindAPIError sandbox.Kind = "api_error"
)

// errorLabels are Sugar's error labels: the status and the message of each (SugarApiException.php).
var errorLabels = map[string]struct {
	status int
	text   string
}{
	"admin_only": {http.StatusServiceUnavailable, "The license of this instance could not be validated. " +
		"Only administrators can log in."},
	"client_outdated": {433, "Your software is out of date, please update your client before attempting to connect again."},
	"edit_conflict":   {http.StatusConflict, "Edit conflict, please reload the record data."},
	"fatal_error":     {http.StatusInternalServerError, "Your request failed to complete. A fatal error occurred."},
	"inactive_portal_user": {
		http.StatusForbidden, "You cannot access the portal at this time because your portal account is inactive.",
	},
	"incorrect_version": {http.StatusMovedPermanently, "The requested version of the API is not supported."},
	"invalid_client":    {http.StatusBadRequest, "The client credentials are invalid"},
	"invalid_grant":     {http.StatusUnauthorized, "The access token provided is invalid."},
	"invalid_parameter": {http.StatusUnprocessableEntity, "One of the parameters in your request is invalid."},
	"maintenance": {
		http.StatusServiceUnavailable, "Sugar is currently in maintenance mode. Only administrators can log in.",
	},
	"metadata_out_of_date": {http.StatusPreconditionFailed, "Your metadata or user hash did not match the server."},
	"missing_parameter":    {http.StatusUnprocessableEntity, "A required parameter is missing from your request."},
	"need_login":           {http.StatusUnauthorized, "You must specify a valid username and password."},
	"no_method": {
		http.StatusNotFound, "Your request was not supported. Could not find the HTTP method of your request for this path.",
	},
	"not_authorized": {
		http.StatusForbidden, "You are not authorized to perform this action. Contact your administrator if you need access.",
	},
	"not_found": {
		http.StatusNotFound, "Your requested resource was not found. " +
			"Could not find a handler for the path specified in the request.",
	},
	"portal_not_configured": {
		http.StatusForbidden, "Portal is not configured properly. Contact your Portal Administrator for assistance.",
	},
	"request_failure":        {http.StatusFailedDependency, "Your request failed to complete."},
	"request_too_large":      {http.StatusRequestEntityTooLarge, "Your request is too large to process."},
	"unknown_error":          {http.StatusInternalServerError, "An unknown error occurred."},
	"unknown_exception":      {http.StatusBadRequest, "Your request failed due to an unknown exception."},
	"unsupported_grant_type": {http.StatusBadRequest, "Unsupported grant type requested"},
}

// Sugar's messages for labels with several causes.
const (
	tooManyAttempts = "Too many failed login attempts. You can try logging in again in 5min."
	invalidPlatform = "EXCEPTION_INVALID_PLATFORM"
)

// labelForm matches Sugar's labels.
var labelForm = regexp.MustCompile(`^[a-z][a-z_]*$`)

var kinds = sandbox.Kinds{
	sandbox.KindThrottled: nil, sandbox.KindDeep: nil, sandbox.KindEcho: nil,
	KindAPIError: sandbox.NeedsCode(labelForm, "one of Sugar's error labels, such as not_authorized"),
}

// APIError is an error of the REST API or its token endpoint, with the status and the message of the label.
func APIError(label string) sandbox.Fault { return sandbox.Fault{Kind: KindAPIError, Code: label} }

// Locked is a sign-in of a user who is locked after too many wrong passwords.
func Locked() sandbox.Fault {
	return APIError("need_login").ForOperation("token").WithMessage(tooManyAttempts)
}

// Throttled is the edge of a hosted instance that asks clients to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Throttled(wait)
}

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is an instance that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }

// scriptedFault returns the response of a scripted fault that replaces the normal one.
func (r *request) scriptedFault() *sandbox.Response {
	f, ok := r.Fault(KindAPIError, sandbox.KindThrottled, sandbox.KindEcho)
	if !ok {
		return nil
	}
	var response sandbox.Response
	switch f.Kind {
	case sandbox.KindThrottled:
		response = sandbox.TooManyRequests(f)
	case sandbox.KindEcho:
		text := r.Echo(f, "Database failure", r.arg("password"), r.Request.Header.Get("OAuth-Token"))
		response = errorResponse("unknown_error", text)
	default:
		response = errorResponse(f.Code, f.Message)
		if f.Status != 0 {
			response.Status = f.Status
		}
	}
	return &response
}
