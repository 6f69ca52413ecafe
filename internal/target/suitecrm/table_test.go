package suitecrm_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A known error has its own first help step, and names the field that it is about.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const keyFile = `Key file "file:///var/www/html/Api/V8/OAuth2/private.key" permissions are not correct, recommend ` +
		"changing to 600 or 660 instead of 644"
	for name, test := range map[string]struct {
		status     int
		kind, body string
		want       conformance.Verdict
	}{
		"wrong password": {500, "", `{"error":"unknown_error","message":"The password is invalid: secret"}`, conformance.Verdict{
			Fault: target.GivenCredentials, Field: "password", Certain: true, Help: "Compare the password",
		}},
		"wrong password, OAuth": {
			400, "", `{"error":"invalid_grant","error_description":"The user credentials were incorrect."}`, conformance.Verdict{
				Fault: target.GivenCredentials, Field: "password", Certain: true, Help: "Compare the password",
			},
		},
		"no such user": {500, "", `{"error":"unknown_error","message":"No user found with this username: x"}`, conformance.Verdict{
			Fault: target.GivenCredentials, Field: "username", Help: "Set username",
		}},
		"client": {401, "", `{"error":"invalid_client","message":"Client authentication failed"}`, conformance.Verdict{
			Fault: target.GivenCredentials, Field: "client_secret", Help: "Admin → OAuth2 Clients and Tokens",
		}},
		"permissions in a page": {500, "text/html", "<html><body><p>" + keyFile + "</p></body></html>", conformance.Verdict{
			Fault: target.Misconfigured, Help: "Run on the server, in Api/V8/OAuth2", Message: "permissions are not correct",
		}},
		"permissions as plain text": {500, "text/plain", keyFile, conformance.Verdict{
			Fault: target.Misconfigured, Help: "Run on the server, in Api/V8/OAuth2", Message: "permissions are not correct",
		}},
		"nothing": {500, "", "", conformance.Verdict{Fault: target.SystemNotAvailable, Field: "url", Message: "HTTP 500"}},
		"new code": {401, "", `{"error":"never_heard_of","message":"It"}`, conformance.Verdict{
			Fault: target.GivenCredentials, Help: target.HelpUnclear, Message: "It (never_heard_of)",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", test.kind)
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			t.Cleanup(server.Close)
			a := account(start(t, sandbox.Options{}), "url", server.URL)
			test.want.Verify(t, conformance.RequireFault(t, a, target.General, ""))
		})
	}
}
