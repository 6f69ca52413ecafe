package access_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// The keys of an issuer are read under the rules for target systems: the address of its keys does not lead to what only this
// machine can reach.
func TestIssuerAddressesAreChecked(t *testing.T) {
	t.Parallel()
	elsewhere := newOutsider(t)
	redirect := httptest.NewServer(http.RedirectHandler(elsewhere.url+"/keys", http.StatusFound))
	endless := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(`{"keys":[`))
		for line := bytes.Repeat([]byte(" "), 1<<20); ; {
			if _, err := w.Write(line); err != nil {
				return
			}
		}
	}))
	for _, server := range []*httptest.Server{redirect, endless} {
		t.Cleanup(server.Close)
	}
	t.Cleanup(func() {
		if elsewhere.calls.Load() != 0 {
			t.Error("a redirect was followed")
		}
	})
	for name, test := range map[string]struct {
		keys    string // the address of the keys; empty for that of the issuer
		refused string
	}{
		"allowed":          {"", ""},
		"a redirect":       {redirect.URL, "redirects to"},
		"without an end":   {endless.URL, "larger than 4 MiB"},
		"metadata":         {"https://169.254.169.254/keys", "cloud metadata address 169.254.169.254"},
		"private":          {"https://10.0.0.1/keys", "private address 10.0.0.1"},
		"in decimal form":  {"https://2852039166/keys", "usual form"},
		"another loopback": {"https://127.0.0.2/keys", "loopback address 127.0.0.2"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			addresses, err := target.NewAddresses(target.AddressOptions{Allow: []string{"127.0.0.1"}})
			if err != nil {
				t.Fatal(err)
			}
			var log bytes.Buffer // the service writes to it before it responds
			f := open(t, storetest.SQLite(t), func(o *access.Options) {
				o.Network.Addresses, o.Logger = addresses, slog.New(slog.NewTextHandler(&log, nil))
			})
			o := newOutsider(t)
			if test.keys != "" {
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					_ = json.NewEncoder(w).Encode(map[string]any{"issuer": o.url, "jwks_uri": test.keys})
				}))
				t.Cleanup(server.Close)
				o.url = server.URL
			}
			c := f.trusting(t, model.NewTrust{Issuer: o.url, Subject: "workload", Scopes: []string{"read"}})
			got := f.withAssertion(t, c.ID, o.token(t, "sub", "workload"))
			switch {
			case test.refused == "" && got.Status != http.StatusOK:
				t.Errorf("%+v", got)
			case test.refused != "" && (got.Status != http.StatusServiceUnavailable || !strings.Contains(log.String(), test.refused)):
				t.Errorf("%+v, the log: %s", got, log.String())
			}
		})
	}
}
