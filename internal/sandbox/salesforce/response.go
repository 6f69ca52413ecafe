package salesforce

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{
		"Content-Type":  {"application/json;charset=UTF-8"},
		"Cache-Control": {"no-cache,must-revalidate,max-age=0,no-store,private"},
	}
	return sandbox.JSON(status, header, value)
}

// plainText returns a response with one word, which the identity services use for errors.
func plainText(status int, word string) sandbox.Response {
	return sandbox.Response{Status: status, Header: http.Header{"Content-Type": {"text/html;charset=UTF-8"}}, Body: []byte(word)}
}

// bearer returns the token of the Authorization header; empty without a token. "OAuth" is the older name of the
// scheme.
func bearer(call *sandbox.Call) string { return call.Token("Bearer", "OAuth") }
