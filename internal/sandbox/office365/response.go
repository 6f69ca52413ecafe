package office365

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// object is a value of Graph: its properties by name.
type object = map[string]any

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{
		"Content-Type":  {"application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8"},
		"Odata-Version": {"4.0"}, "Cache-Control": {"no-cache"},
	}
	return sandbox.JSON(status, header, value)
}

// graphError is an error of Graph (https://learn.microsoft.com/graph/errors).
type graphError struct {
	status     int
	code, text string
	// inner is a more specific code in the inner error; empty means none.
	inner string
	// challenge is the header WWW-Authenticate; empty means none.
	challenge  string
	retryAfter int // seconds; 0 means no header
}

func (e *graphError) Error() string { return e.code + ": " + e.text }

// newGraphError returns an error with the message and the status of the code. A format replaces the message.
func newGraphError(code, format string, args ...any) *graphError {
	known := graphErrors[code]
	text := known.text
	if format != "" {
		text = fmt.Sprintf(format, args...)
	}
	e := &graphError{status: cmp.Or(known.status, http.StatusBadRequest), code: code, text: text}
	if e.status == http.StatusUnauthorized {
		e.challenge = `Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="` +
			graphID + `"`
	}
	return e
}

// response returns the error in Graph's form. The identifiers of the call are in the innermost error.
func (e *graphError) response(call *sandbox.Call, requestID string, now time.Time) sandbox.Response {
	inner := object{
		"date": now.UTC().Format("2006-01-02T15:04:05"), "request-id": requestID,
		"client-request-id": cmp.Or(call.Request.Header.Get("Client-Request-Id"), requestID),
	}
	if e.inner != "" {
		inner["code"] = e.inner
	}
	response := jsonResponse(e.status, object{"error": object{"code": e.code, "message": e.text, "innerError": inner}})
	if e.challenge != "" {
		response.Header.Set("Www-Authenticate", e.challenge)
	}
	if e.retryAfter > 0 {
		response.Header.Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	return response
}

// addRequestIDs adds the identifiers of the call, which every response of Graph has for Microsoft's support.
func addRequestIDs(response *sandbox.Response, call *sandbox.Call, requestID string) {
	response.Header.Set("Request-Id", requestID)
	response.Header.Set("Client-Request-Id", cmp.Or(call.Request.Header.Get("Client-Request-Id"), requestID))
	response.Header.Set("X-Ms-Ags-Diagnostic",
		`{"ServerInfo":{"DataCenter":"Sandbox","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"SIM000"}}`)
}
