package entra

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// The kinds of fault that a directory adds to those of every stand-in.
const (
	// KindError rejects a token request. Fault.Code is one of Entra's numbers, such as "7000215", or a bare value of
	// "error", such as "temporarily_unavailable". Fault.Status replaces the status of the code; a wait is returned in
	// Retry-After.
	KindError sandbox.Kind = "entra_error"
	// KindEcho rejects a token request with a 500 that repeats the secrets of the request: raw, URL-encoded and in
	// base64.
	KindEcho sandbox.Kind = "entra_echo"
)

// codeForm matches one of Entra's numbers, or a value of "error".
var codeForm = regexp.MustCompile(`^((AADSTS)?\d{4,9}|[a-z_]{3,40})$`)

// Kinds are the kinds of fault that a directory serves.
var Kinds = sandbox.Kinds{
	KindError: sandbox.BeforeSignIn(sandbox.NeedsCode(codeForm, "one of Entra's numbers or error codes")),
	KindEcho:  sandbox.BeforeSignIn(nil),

	oauthpages.KindError: sandbox.NeedsCode(codeForm, "one of Entra's numbers or error codes"),
}

// Error rejects a token request with one of Entra's numbers.
func Error(number int) sandbox.Fault {
	return sandbox.Fault{Kind: KindError, Code: strconv.Itoa(number)}
}

// AuthorizeError ends a person's sign-in with one of Entra's numbers, or with a value of "error", instead of a code.
func AuthorizeError(code string) sandbox.Fault { return oauthpages.Error(code) }

// ErrorCode rejects a token request with a value of "error" and no number.
func ErrorCode(code string) sandbox.Fault { return sandbox.Fault{Kind: KindError, Code: code} }

// Throttled is a token endpoint that asks clients to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	f := ErrorCode("temporarily_unavailable").Wait(wait).WithMessage("The request was throttled.")
	f.Status = http.StatusTooManyRequests
	return f
}

// Echo is a token endpoint that repeats the secrets of the request.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// scriptedError returns the error of a scripted fault.
func scriptedError(f sandbox.Fault) *tokenError {
	r := &tokenError{
		message: f.Message, status: f.Status, reason: "scripted", wait: time.Duration(f.WaitMilliseconds) * time.Millisecond,
	}
	number, err := strconv.Atoi(strings.TrimPrefix(f.Code, "AADSTS"))
	if err != nil {
		r.code = f.Code
		return r
	}
	r.number = number
	return r
}

// echo applies KindEcho.
func (d *Directory) echo(call *sandbox.Call, form url.Values) (sandbox.Response, bool) {
	f, ok := call.Fault(KindEcho)
	if !ok {
		return sandbox.Response{}, false
	}
	message := call.EchoForm(f, "cannot process the request", form,
		"client_secret", "client_assertion", "refresh_token", "code", "code_verifier")
	return d.errorResponse(&tokenError{code: "server_error", message: message}), true
}
