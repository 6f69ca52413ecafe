package sapc4c

import (
	"encoding/json"
	"fmt"
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
	body, err := json.Marshal(value)
	if err != nil { // no caller has such a value
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	response := dataResponse("application/json", body)
	response.Status = status
	return response
}

// errorResponse returns an error of the service in the requested format.
func (r *request) errorResponse(status int, code, text string) sandbox.Response {
	if r.json {
		return jsonResponse(status, map[string]any{"error": map[string]any{
			"code": code, "message": map[string]string{"lang": "en", "value": text},
		}})
	}
	response := dataResponse("application/xml", fmt.Appendf(nil, `<?xml version="1.0" encoding="utf-8"?>`+
		`<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>%s</code>`+
		`<message xml:lang="en">%s</message></error>`, escape(code), escape(text)))
	response.Status = status
	return response
}
