package suitecrm

import (
	"cmp"
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
)

var codeForm = regexp.MustCompile(`^[a-z][a-z_]*$`)

var kinds = sandbox.Kinds{
	KindTokenError: sandbox.NeedsCode(codeForm, "an OAuth error, such as invalid_grant"), KindDenied: sandbox.MayHaveStatus,
	KindAPIError: sandbox.NeedsMessage, KindKeys: sandbox.NeedsMessage,
	sandbox.KindThrottled: nil, sandbox.KindDeep: nil, sandbox.KindEcho: nil,
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
	return sandbox.Throttled(wait)
}

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is an instance that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }

// scriptedFault returns the response of a scripted fault that replaces the normal one. args are those of the token
// endpoint, nil for other calls.
func scriptedFault(call *sandbox.Call, args map[string]string) *sandbox.Response {
	kinds := []sandbox.Kind{sandbox.KindThrottled, sandbox.KindEcho, KindAPIError, KindDenied}
	if args != nil {
		kinds = []sandbox.Kind{sandbox.KindThrottled, sandbox.KindEcho, KindTokenError}
	}
	f, ok := call.Fault(kinds...)
	if !ok {
		return nil
	}
	var response sandbox.Response
	switch f.Kind {
	case sandbox.KindThrottled:
		response = sandbox.TooManyRequests(f)
	case sandbox.KindEcho:
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
