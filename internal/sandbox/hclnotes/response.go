package hclnotes

import (
	"net/http"
	"strconv"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// jsonResponse is an answer with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {"application/json"}}, value)
}

// refuse is how Domino Access Services fail.
func refuse(status int, message string) sandbox.Response {
	said := map[string]any{"code": status, "text": http.StatusText(status)}
	if message != "" {
		said["message"] = message
	}
	return jsonResponse(status, said)
}

// page is how Domino's web server fails.
func page(status int, text string) sandbox.Response {
	return sandbox.HTML(status, "Error", "<h1>Error "+strconv.Itoa(status)+"</h1>"+text)
}

func notFound() sandbox.Response {
	return page(http.StatusNotFound, "HTTP Web Server: Couldn't find design note")
}
