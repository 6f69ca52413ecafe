package conformance

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// PHPNotices are messages that PHP prints before a response if display_errors is on, with tags and without.
func PHPNotices() []string {
	return []string{
		"<br />\n<b>Notice</b>:  Undefined index: name in <b>/srv/crm/include/utils.php</b> on line <b>12</b><br />\n",
		"\nWarning: Undefined array key \"x\" in /srv/crm/a.php on line 3\n\nDeprecated: Old, see {1} in /srv/crm/b.php on line 4\n",
	}
}

// RequireNoticesIgnored tests that an account signs in to a server that prints messages of PHP before its JSON, and that its
// errors are read. Address is that of the stand-in, and account makes the account for another one.
func RequireNoticesIgnored(t *testing.T, address string, account func(address string) target.Account) {
	t.Helper()
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range append(PHPNotices(), "\uFEFF") {
		a := account(noisy(t, at, before) + at.Path)
		RequirePass(t, a, target.Contacts, "ada@example.com")
		a.Credentials["password"], a.Tokens = "wrong", new(target.Tokens)
		if fault := RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials || !fault.Certain {
			t.Errorf("%q: got %+v", before, fault)
		}
	}
}

// noisy starts a server that puts a text before each JSON response of another one. As with PHP, its responses are HTML then. It
// returns the address.
func noisy(t *testing.T, to *url.URL, before string) string {
	t.Helper()
	server := httptest.NewServer(&httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(&url.URL{Scheme: to.Scheme, Host: to.Host}) },
		ModifyResponse: func(r *http.Response) error {
			body, err := io.ReadAll(r.Body)
			if err != nil {
				return err
			}
			if bytes.HasPrefix(body, []byte("{")) {
				body = append([]byte(before), body...)
				r.Header.Set("Content-Type", "text/html; charset=UTF-8")
			}
			r.Header.Set("Content-Length", strconv.Itoa(len(body)))
			r.Body = io.NopCloser(bytes.NewReader(body))
			return nil
		},
	})
	t.Cleanup(server.Close)
	return server.URL
}
