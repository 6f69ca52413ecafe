package hclnotes

import (
	"net/http"
	"strconv"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {"application/json"}}, value)
}

// errorResponse returns an error in the form of Domino Access Services.
func errorResponse(status int, message string) sandbox.Response {
	body := map[string]any{"code": status, "text": http.StatusText(status)}
	if message != "" {
		body["message"] = message
	}
	return jsonResponse(status, body)
}

// errorPage returns an error in the form of Domino's web server.
func errorPage(status int, text string) sandbox.Response {
	return sandbox.HTML(status, "Error", "<h1>Error "+strconv.Itoa(status)+"</h1>"+text)
}

func notFound() sandbox.Response {
	return errorPage(http.StatusNotFound, "HTTP Web Server: Couldn't find design note")
}
