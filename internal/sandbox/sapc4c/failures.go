package sapc4c

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that the service adds to those of every stand-in.
const (
	// KindODataError answers Fault.Status with an error of the service: Fault.Code and Fault.Message.
	KindODataError sandbox.Kind = "odata_error"
	// KindThrottled answers 429 with the wait in Retry-After, or Fault.Status, such as 503, with an error of the service.
	KindThrottled sandbox.Kind = "throttled"
	// KindCSRF answers as to a change without a CSRF token.
	KindCSRF sandbox.Kind = "csrf"
	// KindDeep answers with JSON nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
	// KindEcho answers 500 with the credentials that the call was sent with: raw, URL-encoded and base64.
	KindEcho sandbox.Kind = "echo"
)

// check says what is wrong with a fault of the kinds above.
func check(f sandbox.Fault) error {
	switch f.Kind {
	case KindODataError:
		return f.RequireStatus(http.StatusBadRequest)
	case KindThrottled:
		return f.CheckStatus()
	case KindCSRF, KindDeep, KindEcho:
	default:
		return f.UnknownKindError()
	}
	return nil
}

// ODataError is an error of the service.
func ODataError(status int, code string) sandbox.Fault {
	return sandbox.Fault{Kind: KindODataError, Status: status, Code: code}
}

// Throttled is a service that asks to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Fault{Kind: KindThrottled}.Wait(wait)
}

// Busy is a service that asks to come back later, with the status 503.
func Busy(wait time.Duration) sandbox.Fault {
	busy := Throttled(wait)
	busy.Status = http.StatusServiceUnavailable
	return busy
}

// CSRF is a service that misses a CSRF token.
func CSRF() sandbox.Fault { return sandbox.Fault{Kind: KindCSRF} }

// Deep is an answer nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// Echo is a service that repeats credentials in its error text.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// fault performs the scripted faults that take the place of an answer.
func (r *request) fault() *sandbox.Response {
	f, ok := r.Fault(KindODataError, KindThrottled, KindCSRF, KindDeep, KindEcho)
	if !ok {
		return nil
	}
	var answer sandbox.Response
	switch f.Kind {
	case KindThrottled:
		status := cmp.Or(f.Status, http.StatusTooManyRequests)
		answer = r.refuse(status, strconv.Itoa(status), cmp.Or(f.Message, "Too many requests"))
		answer.Header.Set("Retry-After", f.RetryAfter())
	case KindCSRF:
		answer = noToken()
	case KindDeep:
		answer = sandbox.DeepJSON(inJSON(http.StatusOK, nil), "d")
	case KindEcho:
		user, password, _ := r.Request.BasicAuth()
		answer = r.refuse(http.StatusInternalServerError, "OData/000", fmt.Sprintf("Short dump for %s: %s, %s, %s", user, password,
			url.QueryEscape(password), base64.StdEncoding.EncodeToString([]byte(user+":"+password))))
	default:
		answer = r.refuse(f.Status, f.Code, cmp.Or(f.Message, http.StatusText(f.Status)))
	}
	return &answer
}
