package sapc4c

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that the service adds to those of every stand-in.
const (
	// KindODataError returns Fault.Status with an error of the service: Fault.Code and Fault.Message.
	KindODataError sandbox.Kind = "odata_error"
	// KindCSRF returns the response to a change without a CSRF token.
	KindCSRF sandbox.Kind = "csrf"
)

var kinds = sandbox.Kinds{
	KindODataError: sandbox.NeedsStatus, sandbox.KindThrottled: sandbox.MayHaveStatus, KindCSRF: nil,
	sandbox.KindDeep: nil, sandbox.KindEcho: nil,
}

// ODataError is an error of the service.
func ODataError(status int, code string) sandbox.Fault {
	return sandbox.Fault{Kind: KindODataError, Status: status, Code: code}
}

// Throttled is a service that asks clients to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Throttled(wait)
}

// Busy is a service that asks clients to retry later, with the status 503.
func Busy(wait time.Duration) sandbox.Fault {
	busy := Throttled(wait)
	busy.Status = http.StatusServiceUnavailable
	return busy
}

// CSRF is a service that requires a CSRF token.
func CSRF() sandbox.Fault { return sandbox.Fault{Kind: KindCSRF} }

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is a service that repeats credentials in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }

// scriptedFault returns the response of a scripted fault that replaces the normal one.
func (r *request) scriptedFault() *sandbox.Response {
	f, ok := r.Fault(KindODataError, sandbox.KindThrottled, KindCSRF, sandbox.KindEcho)
	if !ok {
		return nil
	}
	var response sandbox.Response
	switch f.Kind {
	case sandbox.KindThrottled:
		status := cmp.Or(f.Status, http.StatusTooManyRequests)
		response = r.errorResponse(status, strconv.Itoa(status), cmp.Or(f.Message, "Too many requests"))
		response.Header.Set("Retry-After", f.RetryAfter())
	case KindCSRF:
		response = csrfError()
	case sandbox.KindEcho:
		_, password, _ := r.Request.BasicAuth()
		_, basic, _ := strings.Cut(r.Request.Header.Get("Authorization"), " ")
		response = r.errorResponse(http.StatusInternalServerError, "OData/000", r.Echo(f, "Short dump", password, basic))
	default:
		response = r.errorResponse(f.Status, f.Code, cmp.Or(f.Message, http.StatusText(f.Status)))
	}
	return &response
}
