package hclnotes

import (
	"net/http"
	"net/url"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that Domino adds to those of every stand-in.
const (
	// KindServiceError answers as Domino Access Services fail, with Fault.Status and Fault.Message.
	KindServiceError sandbox.Kind = "service_error"
	// KindNoAccess refuses the caller, with 401 or the login form, whichever the server has.
	KindNoAccess sandbox.Kind = "no_access"
	// KindLoginForm answers with the login form, whichever authentication the server has.
	KindLoginForm sandbox.Kind = "login_form"
	// KindThrottled answers 429 with the wait in Retry-After, as a proxy in front of Domino does; it has no limits itself.
	KindThrottled sandbox.Kind = "throttled"
	// KindDeep answers with JSON nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
	// KindEcho answers 500 with what the call sent as secrets: raw, URL-encoded and base64.
	KindEcho sandbox.Kind = "echo"
)

// check says what is wrong with a fault of the kinds above.
func check(f sandbox.Fault) error {
	switch f.Kind {
	case KindServiceError:
		return f.RequireStatus(http.StatusBadRequest)
	case KindNoAccess, KindLoginForm, KindThrottled, KindDeep, KindEcho:
	default:
		return f.UnknownKindError()
	}
	return nil
}

// ServiceError is a failure of Domino Access Services.
func ServiceError(status int, message string) sandbox.Fault {
	return sandbox.Fault{Kind: KindServiceError, Status: status, Message: message}
}

// NoAccess is a caller who is refused.
func NoAccess() sandbox.Fault { return sandbox.Fault{Kind: KindNoAccess} }

// LoginForm is the login form in place of what was asked for.
func LoginForm() sandbox.Fault { return sandbox.Fault{Kind: KindLoginForm} }

// Throttled is a proxy that asks to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Fault{Kind: KindThrottled}.Wait(wait)
}

// Deep is an answer nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// Echo is a server that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// fault performs the scripted faults that take the place of an answer.
func (s *Server) fault(r *request) *sandbox.Response {
	f, ok := r.Fault(KindServiceError, KindNoAccess, KindLoginForm, KindThrottled, KindDeep, KindEcho)
	if !ok {
		return nil
	}
	switch f.Kind {
	case KindNoAccess:
		return new(s.noAccess(r))
	case KindLoginForm:
		return new(form(askedFor))
	case KindThrottled:
		return new(sandbox.TooManyRequests(f))
	case KindDeep:
		return new(sandbox.DeepJSON(jsonResponse(http.StatusOK, nil), "calendars"))
	case KindEcho:
		return new(r.echo())
	default:
		return new(refuse(f.Status, f.Message))
	}
}

// echo repeats what a call carries as proof; one that carries none cannot be repeated.
func (r *request) echo() sandbox.Response {
	_, password, _ := basic(r.Request)
	given, _ := url.ParseQuery(string(r.Body))
	said := sandbox.EchoSecrets("Cannot run this", password, given.Get("Password"), r.Request.Header.Get("Cookie"))
	return refuse(http.StatusInternalServerError, said)
}
