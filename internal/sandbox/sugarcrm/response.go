package sugarcrm

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// errorResponse returns an error with its label. An empty text means the message of the label.
func errorResponse(label, text string) sandbox.Response {
	known, ok := errorLabels[label]
	if !ok {
		known.status = http.StatusBadRequest
	}
	if text == "" {
		text = known.text
	}
	return jsonResponse(known.status, map[string]string{"error": label, "error_message": text})
}

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {"application/json"}, "Cache-Control": {"no-store"}}, value)
}
