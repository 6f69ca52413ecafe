package sapc4c

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// dataResponse returns a successful response.
func dataResponse(kind string, body []byte) sandbox.Response {
	header := http.Header{"Content-Type": {kind}, "Dataserviceversion": {"2.0"}}
	return sandbox.Response{Status: http.StatusOK, Header: header, Body: body}
}

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {"application/json"}, "Dataserviceversion": {"2.0"}}, value)
}

// errorResponse returns an error of the service in the requested format.
func (r *request) errorResponse(status int, code, text string) sandbox.Response {
	if r.json {
		return jsonResponse(status, map[string]any{"error": map[string]any{
			"code": code, "message": map[string]string{"lang": "en", "value": text},
		}})
	}
	return atom(status)
}

// csrfError is the response to a change without a CSRF token, which is plain text in all formats. Records are read-only,
// so a token would not help.
func csrfError() sandbox.Response {
	header := http.Header{"Content-Type": {"text/plain; charset=utf-8"}, "X-Csrf-Token": {"Required"}}
	return sandbox.Response{Status: http.StatusForbidden, Header: header, Body: []byte("CSRF token validation failed")}
}
