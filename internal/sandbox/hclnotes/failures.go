package hclnotes

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that Domino adds to those of every stand-in.
const (
	// KindServiceError returns an error of Domino Access Services, with Fault.Status and Fault.Message.
	KindServiceError sandbox.Kind = "service_error"
	// KindNoAccess rejects the caller with 401 or the login form, according to the server's authentication.
	KindNoAccess sandbox.Kind = "no_access"
	// KindLoginForm returns the login form, whatever the server's authentication.
	KindLoginForm sandbox.Kind = "login_form"
)

var kinds = sandbox.Kinds{
	KindServiceError: sandbox.NeedsStatus, KindNoAccess: nil, KindLoginForm: nil,
	sandbox.KindThrottled: nil, sandbox.KindDeep: nil, sandbox.KindEcho: nil,
}

// ServiceError is an error of Domino Access Services.
func ServiceError(status int, message string) sandbox.Fault {
	return sandbox.Fault{Kind: KindServiceError, Status: status, Message: message}
}

// NoAccess is a rejected caller.
func NoAccess() sandbox.Fault { return sandbox.Fault{Kind: KindNoAccess} }

// LoginForm is the login form instead of the requested resource.
func LoginForm() sandbox.Fault { return sandbox.Fault{Kind: KindLoginForm} }

// Throttled is a proxy that asks clients to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Throttled(wait)
}

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Echo is a server that repeats secrets in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }

// scriptedFault returns the response of a scripted fault that replaces the normal one.
func (s *Server) scriptedFault(r *request) *sandbox.Response {
	kinds := []sandbox.Kind{KindServiceError, KindNoAccess, KindLoginForm, sandbox.KindThrottled}
	if len(r.secrets()) > 0 {
		kinds = append(kinds, sandbox.KindEcho)
	}
	f, ok := r.Fault(kinds...)
	if !ok {
		return nil
	}
	switch f.Kind {
	case KindNoAccess:
		return new(s.noAccess(r))
	case KindLoginForm:
		return new(loginForm(noReason))
	case sandbox.KindThrottled:
		return new(sandbox.TooManyRequests(f))
	case sandbox.KindEcho:
		text := r.Echo(f, "Cannot run this", r.secrets()...)
		return new(errorResponse(http.StatusInternalServerError, text))
	default:
		return new(errorResponse(f.Status, f.Message))
	}
}

// secrets returns the secrets of a call.
func (r *request) secrets() []string {
	_, password, _ := basicCredentials(r.Request)
	values, _ := url.ParseQuery(string(r.Body))
	all := []string{password, values.Get("Password"), r.Request.Header.Get("Cookie")}
	return slices.DeleteFunc(all, func(secret string) bool { return secret == "" })
}
