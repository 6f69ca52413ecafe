package oraclecrmondemand_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A login is rejected by a known text, or by a status in Oracle's own form. A known error has its own first help step.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const signIn = "Compare username (COMPANY"
	soap := func(code, text string) string {
		return "<Envelope><Body><Fault><faultcode>" + code + "</faultcode><faultstring>" + text +
			"</faultstring></Fault></Body></Envelope>"
	}
	for name, test := range map[string]struct {
		status             int
		kind, scheme, body string
		want               conformance.Verdict
	}{
		"English text": {200, "text/plain", "", "Unknown user or password. Check Caps Lock.", conformance.Verdict{
			Fault: target.GivenCredentials, Field: "password", Certain: true, Help: signIn, Message: "Check Caps Lock",
		}},
		"another language": {200, "text/plain", "", "Unbekannter Benutzername.", conformance.Verdict{
			Fault: target.GivenCredentials, Help: signIn, Message: "Unbekannter",
		}},
		"status": {403, "", "", "", conformance.Verdict{
			Fault: target.GivenCredentials, Help: target.HelpUnclear, Message: "HTTP 403 with an empty response",
		}},
		"unknown text": {403, "text/plain", "", "It works!", conformance.Verdict{
			Fault: target.GivenCredentials, Help: target.HelpUnclear, Message: "It works!",
		}},
		"list of a gateway": {401, "application/json", "", `["Forbidden"]`, conformance.Verdict{
			Fault: target.GivenCredentials, Help: target.HelpUnclear, Message: "HTTP 401",
		}},
		"data of a gateway after a mark": {400, "application/json", "", "\ufeff{\"caps lock\":1}", conformance.Verdict{
			Fault: target.Misconfigured, Field: "url", Message: "HTTP 400",
		}},
		"page": {403, "text/html", "", "<html><title>Blocked</title>caps lock</html>", conformance.Verdict{
			Fault: target.Misconfigured, Field: "url", Help: target.HelpUnclear, Message: "Blocked",
		}},
		"data of a gateway": {403, "application/json", "", `{"message":"Forbidden"}`, conformance.Verdict{
			Fault: target.InsufficientPermission, Help: target.HelpUnclear,
		}},
		"scheme of a gateway": {401, "text/plain", "Basic", "Unauthorized", conformance.Verdict{
			Fault: target.Misconfigured, Field: "url", Help: target.HelpUnclear,
		}},
		"sessions": {500, "text/xml", "", soap("Server", "Lost (SBL-ODU-01006)"), conformance.Verdict{
			Fault: target.Throttled, Help: "Let other programs log off",
		}},
		"security": {500, "text/xml", "", soap("wsse:FailedAuthentication", "Invalid."), conformance.Verdict{
			Fault: target.SystemNotAvailable, Field: "url", Help: "Check that no proxy removes cookies",
		}},
		"new code": {500, "text/xml", "", soap("Server", "New (SBL-NEW-00001)"), conformance.Verdict{
			Fault: target.SystemNotAvailable, Field: "url", Message: "SBL-NEW-00001",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.kind)
				if test.scheme != "" {
					w.Header().Set("WWW-Authenticate", test.scheme)
				}
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			t.Cleanup(server.Close)
			a := target.Account{
				System: oraclecrmondemand.System(), Settings: target.Settings{"url": server.URL, "username": "EXAMPLE/riva-sync"},
				Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
			}
			test.want.Verify(t, conformance.RequireFault(t, a, target.General, ""))
		})
	}
}
