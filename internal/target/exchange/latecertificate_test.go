package exchange_test

import (
	"crypto/tls"
	"encoding/pem"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// A server that never requests the certificate has not rejected it.
func TestMissedCertificate(t *testing.T) {
	t.Parallel()
	const misconfigured, inAuthentication = target.Misconfigured, "authentication"
	page, offer := http.Header{"Content-Type": {"text/html"}}, http.Header{"Www-Authenticate": {"Negotiate, Basic"}}
	for name, test := range map[string]struct {
		minVersion     uint16
		authentication string
		status         int
		header         http.Header
		code           target.Code
		field          string
	}{
		"TLS 1.3 only":                {tls.VersionTLS13, "certificate", 403, page, misconfigured, inAuthentication},
		"TLS 1.2 too":                 {0, "certificate", 403, page, misconfigured, inAuthentication},
		"not a page":                  {0, "certificate", 403, nil, misconfigured, inAuthentication},
		"not signed in":               {0, "certificate", 401, offer, misconfigured, inAuthentication},
		"with a password, TLS 1.3":    {tls.VersionTLS13, "basic", 403, nil, misconfigured, inAuthentication},
		"with a password, TLS 1.2":    {0, "basic", 403, nil, misconfigured, "ews_url"},
		"the password is wrong":       {0, "basic", 401, offer, target.GivenCredentials, "password"},
		"the server decides, TLS 1.3": {tls.VersionTLS13, "", 403, nil, misconfigured, inAuthentication},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				maps.Copy(w.Header(), test.header)
				w.WriteHeader(test.status)
				_, _ = io.WriteString(w, "Forbidden")
			}))
			server.TLS = &tls.Config{MinVersion: test.minVersion}
			server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
			server.StartTLS()
			t.Cleanup(server.Close)
			a := passwordAndCertificate(secure(t))
			if a.Settings["authentication"] = test.authentication; test.authentication == "certificate" {
				delete(a.Credentials, "password")
			}
			a.Settings["ews_url"] = server.URL
			a.Settings["ca_certificate"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
			got := requireFault(t, a)
			if got.Code != test.code || got.Field != test.field {
				t.Errorf("got %+v, want %s at %s", got, test.code, test.field)
			}
			if helps := slices.Contains(got.Help, target.HelpLateCertificate); helps != (test.field == inAuthentication) {
				t.Errorf("got the help %q", got.Help)
			}
			if got.Certain != (test.code == target.GivenCredentials) {
				t.Errorf("certain: %t", got.Certain)
			}
		})
	}
}
