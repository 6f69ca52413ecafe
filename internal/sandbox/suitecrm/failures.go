package suitecrm

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that SuiteCRM adds to those of every stand-in.
const (
	// KindTokenError rejects a token request with 400 or Fault.Status. Fault.Code is the error, Fault.Message its
	// description.
	KindTokenError sandbox.Kind = "token_error"
	// KindDenied returns 401 access_denied for a call of the API, with Fault.Message as the hint.
	KindDenied sandbox.Kind = "denied"
	// KindAPIError returns an error in the form of JSON:API for a call of the API, with Fault.Message and 400 or
	// Fault.Status.
	KindAPIError sandbox.Kind = "api_error"
	// KindKeys returns the error page of the Slim framework with Fault.Message: the keys that sign tokens are missing.
	KindKeys sandbox.Kind = "keys"
	// KindThrottled returns 429, as a proxy in front of an instance does, with the wait in Retry-After.
	KindThrottled sandbox.Kind = "throttled"
	// KindDeep returns JSON nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
	// KindEcho returns 500 with the secrets of the call: raw, URL-encoded and in base64.
	KindEcho sandbox.Kind = "echo"
)

var codeForm = regexp.MustCompile(`^[a-z][a-z_]*$`)

// check returns an error for an invalid fault of the kinds above.
func check(f sandbox.Fault) error {
	switch f.Kind {
	case KindTokenError:
		if err := f.CheckCode(codeForm, "an OAuth error, such as invalid_grant"); err != nil {
			return err
		}
	case KindAPIError, KindKeys:
		if f.Message == "" {
			return fmt.Errorf("fault %q requires a message", f.Kind)
		}
	case KindDenied, KindThrottled, KindDeep, KindEcho:
	default:
		return f.UnknownKindError()
	}
	return f.CheckStatus()
}

// TokenError is an error of the token endpoint.
func TokenError(status int, code, description string) sandbox.Fault {
	return sandbox.Fault{Kind: KindTokenError, Status: status, Code: code, Message: description}
}

// Denied is a call that is denied. The hint contains the reason.
func Denied(hint string) sandbox.Fault { return sandbox.Fault{Kind: KindDenied, Message: hint} }

// APIError is an error of the API.
func APIError(detail string) sandbox.Fault { return sandbox.Fault{Kind: KindAPIError, Message: detail} }

// NoKeys is an instance whose keys were never made, or cannot be read by the web server.
func NoKeys() sandbox.Fault {
	return sandbox.Fault{
		Kind:    KindKeys,
		Message: `Key path "file:///var/www/html/Api/V8/OAuth2/private.key" does not exist or is not readable`,
	}
}

// Throttled is a proxy in front of the instance that asks clients to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Fault{Kind: KindThrottled}.Wait(wait)
}

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// Echo is an instance that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// scriptedFault returns the response of a scripted fault that replaces the normal one. args are those of the token
// endpoint, nil for other calls.
func scriptedFault(call *sandbox.Call, args map[string]string) *sandbox.Response {
	kinds := []sandbox.Kind{KindThrottled, KindDeep, KindEcho, KindAPIError, KindDenied}
	if args != nil {
		kinds = []sandbox.Kind{KindThrottled, KindDeep, KindEcho, KindTokenError}
	}
	f, ok := call.Fault(kinds...)
	if !ok {
		return nil
	}
	var response sandbox.Response
	switch f.Kind {
	case KindThrottled:
		response = sandbox.TooManyRequests(f)
	case KindDeep:
		response = sandbox.DeepJSON(document(nil), "data")
	case KindEcho:
		token := strings.TrimPrefix(call.Request.Header.Get("Authorization"), "Bearer ")
		response = unknownError(call.Echo(f, "Database failure", args["password"], args["client_secret"], token))
	case KindTokenError:
		response = oauthError(cmp.Or(f.Status, http.StatusBadRequest), f.Code, f.Message, "")
	case KindDenied:
		response = accessDenied(f.Message)
	default:
		response = apiError(cmp.Or(f.Status, http.StatusBadRequest), f.Message)
	}
	return &response
}
