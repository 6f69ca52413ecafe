package sapc4c_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// SAP lists no codes: the status and the requested scheme decide, and the code of an error stays in the message.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const json = "application/json"
	for name, test := range map[string]struct {
		status int
		header http.Header
		body   string
		want   conformance.Verdict
	}{
		"wrong password": {401, http.Header{"Www-Authenticate": {`Basic realm="SAP"`}, "Content-Type": {"text/html"}}, "<html>",
			conformance.Verdict{Fault: target.GivenCredentials, Field: "password", Certain: true}},
		"gateway": {401, http.Header{"Content-Type": {"text/html"}}, "<html><title>Sign in</title></html>",
			conformance.Verdict{Fault: target.Misconfigured, Field: "url", Help: target.HelpUnclear, Message: "Sign in"}},
		"CSRF token": {403, http.Header{"X-Csrf-Token": {"Required"}}, "CSRF token validation failed",
			conformance.Verdict{Fault: target.Misconfigured, Help: "Check that no proxy changes the method", Message: "CSRF token"}},
		"code": {400, http.Header{"Content-Type": {json}}, `{"error":{"code":"/IWBEP/CM_TEA/004","message":{"value":"It"}}}`,
			conformance.Verdict{Fault: target.Misconfigured, Field: "url", Message: "It (/IWBEP/CM_TEA/004)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), test.header)
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, test.body)
			}))
			t.Cleanup(server.Close)
			test.want.Verify(t, conformance.RequireFault(t, target.Account{
				System: sapc4c.System(), Settings: target.Settings{"url": server.URL, "username": "_RIVASYNC"},
				Credentials: target.Credentials{"password": "canary"}, Network: target.Network{LoopbackHTTP: true},
			}, target.General, ""))
		})
	}
}
