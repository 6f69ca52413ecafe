package entra

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that a directory adds to those of every stand-in.
const (
	// KindError refuses a token. Fault.Code is one of Entra's numbers, such as "7000215", or a bare value of "error", such
	// as "temporarily_unavailable". Fault.Status replaces the status that goes with it; a wait is told in Retry-After.
	KindError sandbox.Kind = "entra_error"
	// KindEcho refuses a token with a 500 that repeats the secrets of the request: raw, URL-encoded and base64.
	KindEcho sandbox.Kind = "entra_echo"
)

// codeForm is a number of Entra's, or a value of "error".
var codeForm = regexp.MustCompile(`^((AADSTS)?\d{4,9}|[a-z_]{3,40})$`)

// Check says what is wrong with a fault of the kinds above; ok is false for other kinds.
func Check(f sandbox.Fault) (ok bool, err error) {
	switch f.Kind {
	case KindError:
		err = cmp.Or(f.CheckCode(codeForm, "one of Entra's numbers or error codes"), f.CheckStatus())
	case KindEcho:
	default:
		return false, nil
	}
	return true, cmp.Or(f.CheckNoAccount(), err)
}

// Error is a refusal of the token endpoint with one of Entra's numbers.
func Error(number int) sandbox.Fault {
	return sandbox.Fault{Kind: KindError, Code: strconv.Itoa(number)}
}

// Word is a refusal of the token endpoint with a value of "error" and no number.
func Word(word string) sandbox.Fault { return sandbox.Fault{Kind: KindError, Code: word} }

// Throttled is a token endpoint that asks to slow down.
func Throttled(wait time.Duration) sandbox.Fault {
	f := Word("temporarily_unavailable").Wait(wait).WithMessage("The request was throttled.")
	f.Status = http.StatusTooManyRequests
	return f
}

// Echo is a token endpoint that repeats the secrets it was given.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// tokenError is why a token is not given.
type tokenError struct {
	number int    // 0: none
	word   string // the value of "error"; empty: the one that goes with the number
	says   string // empty: what goes with the number
	reason string // for the record only; empty: what is said
	status int    // 0: the one that goes with the word
	wait   time.Duration
}

// because tells the record more than the client.
func (r *tokenError) because(reason string) *tokenError {
	r.reason = reason
	return r
}

// text is what is said, without the number.
func (r *tokenError) text() string {
	return cmp.Or(r.says, texts[r.number], "The request was refused.")
}

func newTokenError(number int, says string, args ...any) *tokenError {
	return &tokenError{number: number, says: fmt.Sprintf(says, args...)}
}

// timedError is the answer in Entra's form (reference-error-codes, "Handling error codes in your application").
type timedError struct {
	*tokenError
	at time.Time
}

func (d *Directory) refusal(r *tokenError) timedError { return timedError{r, d.now()} }

func (r timedError) answer() sandbox.Response {
	word := cmp.Or(r.word, wordOf(r.number))
	says := r.text()
	at := r.at.UTC().Format("2006-01-02 15:04:05Z")
	trace, correlation := uuid.NewString(), uuid.NewString()
	if r.number != 0 {
		says = fmt.Sprintf("AADSTS%d: %s", r.number, says)
	}
	body := map[string]any{
		"error":             word,
		"error_description": fmt.Sprintf("%s Trace ID: %s Correlation ID: %s Timestamp: %s", says, trace, correlation, at),
		"timestamp":         at, "trace_id": trace, "correlation_id": correlation,
	}
	if r.number != 0 {
		body["error_codes"] = []int{r.number}
		body["error_uri"] = "https://login.microsoftonline.com/error?code=" + strconv.Itoa(r.number)
	}
	answer := jsonResponse(cmp.Or(r.status, statusOf(word)), body)
	answer.Header.Set("X-Ms-Request-Id", trace)
	if r.wait > 0 {
		answer.Header.Set("Retry-After", strconv.Itoa(int((r.wait+time.Second-1)/time.Second)))
	}
	return answer
}

// scripted is a refusal that a fault orders.
func scripted(f sandbox.Fault) *tokenError {
	r := &tokenError{
		says: f.Message, status: f.Status, reason: "scripted", wait: time.Duration(f.WaitMilliseconds) * time.Millisecond,
	}
	number, err := strconv.Atoi(strings.TrimPrefix(f.Code, "AADSTS"))
	if err != nil {
		r.word = f.Code
		return r
	}
	r.number = number
	return r
}

// statusOf is the status that goes with a value of "error".
func statusOf(word string) int {
	switch word {
	case "invalid_client":
		return http.StatusUnauthorized
	case "server_error":
		return http.StatusInternalServerError
	case "temporarily_unavailable":
		return http.StatusServiceUnavailable
	}
	return http.StatusBadRequest
}

// jsonResponse is an answer with a value as JSON.
func jsonResponse(status int, value any) sandbox.Response {
	header := http.Header{
		"Content-Type": {"application/json; charset=utf-8"}, "Cache-Control": {"no-store, no-cache"}, "Pragma": {"no-cache"},
	}
	return sandbox.JSON(status, header, value)
}

// echo performs KindEcho.
func (d *Directory) echo(call *sandbox.Call, form url.Values) (sandbox.Response, bool) {
	if _, ok := call.Fault(KindEcho); !ok {
		return sandbox.Response{}, false
	}
	said := sandbox.EchoFormSecrets("cannot process the request", form,
		"client_secret", "client_assertion", "refresh_token", "code", "code_verifier")
	return d.refusal(&tokenError{word: "server_error", says: said}).answer(), true
}
