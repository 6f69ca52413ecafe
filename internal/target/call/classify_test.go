package call_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

func classifier() call.Classifier {
	return call.Classifier{Address: "url", Errors: errortable.New(
		errortable.Row{Code: "E_BUSY", Fault: target.Throttled, Meaning: "It is busy."},
		errortable.Row{Code: "E_LOCKED", Fault: target.GivenCredentials, Certain: true},
	)}
}

func response(status int, header http.Header, body string) call.Response {
	return call.Response{
		Status: status, Header: header, Body: []byte(body),
		URL: &url.URL{Scheme: "https", Host: "crm.example.com", Path: "/api", RawQuery: "token=canary"},
	}
}

func TestFaultByStatus(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]target.Code{
		http.StatusNotModified: target.Misconfigured, http.StatusBadRequest: target.Misconfigured,
		http.StatusUnauthorized: target.GivenCredentials, http.StatusForbidden: target.InsufficientPermission,
		http.StatusNotFound: target.Misconfigured, http.StatusMethodNotAllowed: target.Misconfigured,
		http.StatusGone: target.Misconfigured, http.StatusRequestTimeout: target.SystemNotAvailable,
		http.StatusTooManyRequests: target.Throttled, 440: target.Misconfigured,
		http.StatusInternalServerError: target.SystemNotAvailable, http.StatusBadGateway: target.SystemNotAvailable,
		http.StatusServiceUnavailable: target.SystemNotAvailable, http.StatusGatewayTimeout: target.SystemNotAvailable,
	} {
		fault := classifier().FaultOf(response(status, nil, ""), nil)
		if fault == nil || fault.Code != want {
			t.Errorf("%d: got %v, want %s", status, fault, want)
			continue
		}
		if !strings.HasPrefix(fault.Message.String(), "crm.example.com returned HTTP ") || fault.Message.Contains("canary") {
			t.Errorf("%d: got message %q", status, fault.Message)
		}
	}
	if fault := classifier().FaultOf(response(http.StatusOK, nil, "{}"), nil); fault != nil {
		t.Errorf("200: got %v", fault)
	}
}

func TestFaultByCode(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status    int
		systemErr call.SystemError
		want      target.Code
	}{
		"known code over status": {
			http.StatusInternalServerError, call.SystemError{Code: "E_LOCKED"}, target.GivenCredentials,
		},
		"known code in a success": {http.StatusOK, call.SystemError{Code: "E_BUSY"}, target.Throttled},
		"limit over known code":   {http.StatusTooManyRequests, call.SystemError{Code: "E_LOCKED"}, target.Throttled},
		"limit code over status":  {http.StatusForbidden, call.SystemError{Code: "E_BUSY"}, target.Throttled},
		"unknown code, by status": {
			http.StatusForbidden, call.SystemError{Code: "E_ODD"}, target.InsufficientPermission,
		},
		"unknown code in success": {http.StatusOK, call.SystemError{Code: "E_ODD"}, target.Misconfigured},
		"the text decides nothing": {
			http.StatusForbidden, call.SystemError{Message: "wrong password"}, target.InsufficientPermission,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := classifier().FaultOf(response(test.status, nil, ""), &test.systemErr)
			if fault == nil || fault.Code != test.want {
				t.Fatalf("got %v, want %s", fault, test.want)
			}
			var systemErr *call.SystemError
			if !errors.As(fault, &systemErr) || systemErr.Code != test.systemErr.Code {
				t.Errorf("the system's code is lost: %v", fault.Cause)
			}
		})
	}
	fault := classifier().FaultOf(response(http.StatusBadRequest, nil, ""), &call.SystemError{Code: "E_X", Message: "No."})
	if fault.Message.String() != "No. (E_X)" {
		t.Errorf("got message %q", fault.Message)
	}
}

func TestHTMLIsUnusable(t *testing.T) {
	t.Parallel()
	page := "\n<!DOCTYPE html><html><head><title>Sign in &amp;\n wait</title></head></html>"
	html := http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	for name, test := range map[string]struct {
		response call.Response
		want     target.Code
		message  string
	}{
		"by type": {
			response(http.StatusOK, html, "hello"), target.Misconfigured, `with a web page instead of data: "hello".`,
		},
		"by content": {
			response(http.StatusOK, nil, page), target.Misconfigured, `with the web page "Sign in & wait" instead`,
		},
		"while down": {response(http.StatusServiceUnavailable, html, page), target.SystemNotAvailable, "HTTP 503"},
		"with a 403": {response(http.StatusForbidden, html, page), target.Misconfigured, "HTTP 403"},
		"with a 401": {response(http.StatusUnauthorized, html, page), target.Misconfigured, "HTTP 401"},
	} {
		fault := classifier().FaultOf(test.response, nil)
		if fault == nil || fault.Code != test.want || !strings.Contains(scrub.Line(fault.Message.String()), test.message) {
			t.Errorf("%s: got %v", name, fault)
		}
	}
}

func TestUnusableResponse(t *testing.T) {
	t.Parallel()
	fault := classifier().UnusableResponse(response(http.StatusOK, nil, "garbage"), "not XML")
	if fault.Code != target.Misconfigured || fault.Field != "url" ||
		!strings.HasSuffix(fault.Message.String(), "The response is not XML.") {
		t.Errorf("got %+v", fault)
	}
	fault = classifier().UnusableResponse(response(http.StatusBadGateway, nil, "garbage"), "not XML")
	if fault.Code != target.SystemNotAvailable {
		t.Errorf("502: got %+v", fault)
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for value, want := range map[string][2]time.Duration{
		"120":                 {2 * time.Minute, 2 * time.Minute},
		" 5 ":                 {5 * time.Second, 5 * time.Second},
		"-1":                  {0, 0},
		"soon":                {0, 0},
		"":                    {0, 0},
		"9223372036854775807": {day, day},
		time.Now().Add(time.Hour).UTC().Format(http.TimeFormat):       {59 * time.Minute, time.Hour},
		time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat):      {0, 0},
		time.Now().AddDate(1, 0, 0).UTC().Format(http.TimeFormat):     {day, day},
		time.Now().Add(time.Hour).UTC().Format(time.RFC850):           {59 * time.Minute, time.Hour},
		"Mon, 31 Feb 2020 00:00:00 GMT":                               {0, 0},
		time.Now().Add(time.Hour).UTC().Format(http.TimeFormat) + "x": {0, 0},
	} {
		header := http.Header{"Retry-After": {value}}
		fault := classifier().FaultOf(response(http.StatusTooManyRequests, header, ""), nil)
		if fault.RetryAfter < want[0] || fault.RetryAfter > want[1] {
			t.Errorf("%q: got %s", value, fault.RetryAfter)
		}
	}
	busy := &call.SystemError{Code: "E_BUSY", RetryAfter: time.Minute}
	both := response(http.StatusOK, http.Header{"Retry-After": {"5"}}, "")
	if got := classifier().FaultOf(both, busy).RetryAfter; got != time.Minute {
		t.Errorf("the system's own wait: got %s", got)
	}
}

// A known error decides the field and the first help step, and says what it means if the system sent no text.
func TestKnownErrorDecidesWholeFault(t *testing.T) {
	t.Parallel()
	c := call.Classifier{Address: "url", Errors: errortable.New(
		errortable.Row{Code: "E", Text: "domain", Fault: target.Misconfigured, Field: "login", Help: "Use it."},
		errortable.Row{Code: "E", Fault: target.UserNotFound, NoField: true, Meaning: "No such user."},
	)}
	for message, want := range map[string]target.Fault{
		"wrong DOMAIN": {Code: target.Misconfigured, Field: "login", Hint: "Use it.", Message: target.Say("wrong DOMAIN (E)")},
		"":             {Code: target.UserNotFound, NoField: true, Message: target.Say("No such user. (E)")},
	} {
		got := c.FaultOf(call.Response{Status: http.StatusBadRequest}, &call.SystemError{Code: "E", Message: message})
		if got.Code != want.Code || got.Field != want.Field || got.NoField != want.NoField || got.Hint != want.Hint ||
			got.Message.String() != want.Message.String() {
			t.Errorf("%q: got %+v", message, got)
		}
	}
}

// Only a known statement about the secret is a verdict on it.
func TestOnlyKnownStatementsAreCertain(t *testing.T) {
	t.Parallel()
	page := http.Header{"Content-Type": {"text/html"}}
	basic := http.Header{"Content-Type": {"text/html"}, "Www-Authenticate": {`Negotiate, Basic realm="x"`}}
	c := call.Classifier{
		Address: "url", Challenges: []string{"basic"}, Errors: errortable.New(
			errortable.Row{Code: "E_PASSWORD", Fault: target.GivenCredentials, Certain: true},
			errortable.Row{Code: "E_LOGIN", Fault: target.GivenCredentials},
		),
	}
	for name, test := range map[string]struct {
		response         call.Response
		code             string
		want             target.Code
		certain, unclear bool
	}{
		"known code":            {response(http.StatusBadRequest, nil, ""), "E_PASSWORD", target.GivenCredentials, true, false},
		"uncertain code":        {response(http.StatusBadRequest, nil, ""), "E_LOGIN", target.GivenCredentials, false, true},
		"unknown code with 401": {response(http.StatusUnauthorized, nil, ""), "E_NEW", target.GivenCredentials, false, true},
		"unknown code with 403": {response(http.StatusForbidden, nil, ""), "E_NEW", target.InsufficientPermission, false, true},
		"unknown code with 400": {response(http.StatusBadRequest, nil, ""), "E_NEW", target.Misconfigured, false, false},
		"status 401":            {response(http.StatusUnauthorized, nil, ""), "", target.GivenCredentials, false, true},
		"page with 401":         {response(http.StatusUnauthorized, page, "<html>"), "", target.Misconfigured, false, true},
		"page with 403":         {response(http.StatusForbidden, page, "<html>"), "", target.Misconfigured, false, true},
		"plain text with 401":   {response(http.StatusUnauthorized, nil, "It works!"), "", target.Misconfigured, false, true},
		"page with 404":         {response(http.StatusNotFound, page, "<html>"), "", target.Misconfigured, false, false},
		"page with 502":         {response(http.StatusBadGateway, page, "<html>"), "", target.SystemNotAvailable, false, false},
		"own challenge":         {response(http.StatusUnauthorized, basic, "<html>"), "", target.GivenCredentials, true, false},
		"own challenge, 403":    {response(http.StatusForbidden, basic, "<html>"), "", target.Misconfigured, false, true},
		"proxy":                 {response(http.StatusProxyAuthRequired, page, "<html>"), "", target.Misconfigured, false, false},
		"limit":                 {response(http.StatusTooManyRequests, page, "<html>"), "", target.Throttled, false, false},
	} {
		var systemErr *call.SystemError
		if test.code != "" {
			systemErr = &call.SystemError{Code: test.code, Message: "No."}
		}
		fault := c.FaultOf(test.response, systemErr)
		if fault == nil || fault.Code != test.want || fault.Certain != test.certain || fault.Unclear != test.unclear {
			t.Errorf("%s: got %+v", name, fault)
		}
	}
}
