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
	// KindTokenError refuses a token: 400 or Fault.Status, with Fault.Code as the error and Fault.Message as its description.
	KindTokenError sandbox.Kind = "token_error"
	// KindDenied answers a call of the API with 401 access_denied, and Fault.Message as the hint.
	KindDenied sandbox.Kind = "denied"
	// KindAPIError answers a call of the API with an error in the form of JSON:API: 400 or Fault.Status, and Fault.Message.
	KindAPIError sandbox.Kind = "api_error"
	// KindKeys answers with the page of the framework below that says Fault.Message: the keys that sign tokens are not there.
	KindKeys sandbox.Kind = "keys"
	// KindThrottled answers 429, as a proxy in front of an instance does, with the wait in Retry-After.
	KindThrottled sandbox.Kind = "throttled"
	// KindDeep answers with JSON nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
	// KindEcho answers 500 with what the call sent as secrets: raw, URL-encoded and base64.
	KindEcho sandbox.Kind = "echo"
)

var codeForm = regexp.MustCompile(`^[a-z][a-z_]*$`)

// check says what is wrong with a fault of the kinds above.
func check(f sandbox.Fault) error {
	switch f.Kind {
	case KindTokenError:
		if err := f.CheckCode(codeForm, "an OAuth error, such as invalid_grant"); err != nil {
			return err
		}
	case KindAPIError, KindKeys:
		if f.Message == "" {
			return fmt.Errorf("fault %q needs a message", f.Kind)
		}
	case KindDenied, KindThrottled, KindDeep, KindEcho:
	default:
		return f.UnknownKindError()
	}
	return f.CheckStatus()
}

// TokenError is a refusal of the token endpoint.
func TokenError(status int, code, description string) sandbox.Fault {
	return sandbox.Fault{Kind: KindTokenError, Status: status, Code: code, Message: description}
}

// Denied is a call that was not let in; the hint says why.
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

// Throttled is a proxy in front of the instance that asks to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Fault{Kind: KindThrottled}.Wait(wait)
}

// Deep is an answer nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// Echo is an instance that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// fault performs the scripted faults that take the place of an answer; args are those of the token endpoint, nil elsewhere.
func fault(call *sandbox.Call, args map[string]string) *sandbox.Response {
	kinds := []sandbox.Kind{KindThrottled, KindDeep, KindEcho, KindAPIError, KindDenied}
	if args != nil {
		kinds = []sandbox.Kind{KindThrottled, KindDeep, KindEcho, KindTokenError}
	}
	f, ok := call.Fault(kinds...)
	if !ok {
		return nil
	}
	var answer sandbox.Response
	switch f.Kind {
	case KindThrottled:
		answer = sandbox.TooManyRequests(f)
	case KindDeep:
		answer = sandbox.DeepJSON(document(nil), "data")
	case KindEcho:
		token := strings.TrimPrefix(call.Request.Header.Get("Authorization"), "Bearer ")
		answer = unknown(sandbox.EchoSecrets("Database failure", args["password"], args["client_secret"], token))
	case KindTokenError:
		answer = oauthError(cmp.Or(f.Status, http.StatusBadRequest), f.Code, f.Message, "")
	case KindDenied:
		answer = deny(f.Message)
	default:
		answer = failure(cmp.Or(f.Status, http.StatusBadRequest), f.Message)
	}
	return &answer
}
