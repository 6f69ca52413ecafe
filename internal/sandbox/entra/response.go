package entra

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// tokenError is an error of the token endpoint.
type tokenError struct {
	number  int    // one of Entra's numbers; 0 means none
	code    string // the value of "error"; empty means the one of the number
	message string // empty means the message of the number
	reason  string // for the record only; empty means the message
	status  int    // 0 means the status of the code
	wait    time.Duration
}

// withReason sets a reason for the record, with more detail than the client gets.
func (r *tokenError) withReason(reason string) *tokenError {
	r.reason = reason
	return r
}

// text returns the message, without the number.
func (r *tokenError) text() string {
	return cmp.Or(r.message, messages[r.number], "The request was rejected.")
}

// aadsts returns an error with one of Entra's numbers (AADSTS codes). An empty message means Entra's text for the
// number.
func aadsts(number int, message string, args ...any) *tokenError {
	return &tokenError{number: number, message: fmt.Sprintf(message, args...)}
}

// errorBody returns an error in Entra's form (reference-error-codes, "Handling error codes in your application").
func (d *Directory) errorBody(r *tokenError) map[string]any {
	message := r.text()
	at := d.now().UTC().Format("2006-01-02 15:04:05Z")
	trace, correlation := uuid.NewString(), uuid.NewString()
	if r.number != 0 {
		message = fmt.Sprintf("AADSTS%d: %s", r.number, message)
	}
	body := map[string]any{
		"error":             cmp.Or(r.code, errorCodeOf(r.number)),
		"error_description": fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", message, trace, correlation, at),
		"timestamp":         at, "trace_id": trace, "correlation_id": correlation,
	}
	if r.number != 0 {
		body["error_codes"] = []int{r.number}
		body["error_uri"] = "https://login.microsoftonline.com/error?code=" + strconv.Itoa(r.number)
	}
	return body
}

// errorResponse returns the response of the token endpoint to a rejected request.
func (d *Directory) errorResponse(r *tokenError) sandbox.Response {
	body := d.errorBody(r)
	response := jsonResponse(cmp.Or(r.status, statusOf(cmp.Or(r.code, errorCodeOf(r.number)))), body)
	response.Header.Set("X-Ms-Request-Id", fmt.Sprint(body["trace_id"]))
	if r.wait > 0 {
		response.Header.Set("Retry-After", strconv.Itoa(int((r.wait+time.Second-1)/time.Second)))
	}
	return response
}

// statusOf returns the status of a value of "error".
func statusOf(code string) int {
	switch code {
	case "invalid_client":
		return http.StatusUnauthorized
	case "server_error":
		return http.StatusInternalServerError
	case "temporarily_unavailable":
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "Cache-Control": {"no-store, no-cache"}, "Pragma": {"no-cache"},
	}
	return sandbox.JSON(status, header, value)
}

func unknownTenant(name string) *tokenError {
	return aadsts(90002, "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the "+
		"correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for "+
		"the tenant.", name)
}
