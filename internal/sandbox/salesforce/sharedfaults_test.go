package salesforce_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// TestSharedFaults checks the faults of every stand-in, at the token endpoint and at the APIs.
func TestSharedFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault   sandbox.Fault
		matches func(reply, error) bool
	}{
		"closed":    {sandbox.Closed(), func(_ reply, err error) bool { return errors.Is(err, io.EOF) }},
		"truncated": {sandbox.Truncated(), func(_ reply, err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }},
		"huge": {
			sandbox.Huge(),
			func(r reply, err error) bool { return err == nil && len(r.Body) > 4<<20 && len(r.Object()) > 0 },
		},
		"maintenance": {sandbox.Maintenance(), func(r reply, err error) bool {
			return err == nil && r.Status == 503 && strings.Contains(r.Body, "<html>")
		}},
		"page": {sandbox.Page(), func(r reply, err error) bool {
			return err == nil && r.Status == 200 && strings.Contains(r.Body, "<html>")
		}},
		"redirect": {sandbox.Redirect("https://elsewhere.example.com/"),
			func(r reply, err error) bool {
				return err == nil && r.Status == 302 && r.Header.Get("Location") == "https://elsewhere.example.com/"
			}},
		"deep": {salesforce.Deep(), func(r reply, err error) bool {
			return err == nil && r.Status == 200 && strings.Contains(r.Body, strings.Repeat("[", 100_000)) && !json.Valid([]byte(r.Body))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, salesforce.Options{})
			token, app := b.token(), b.App()
			b.http.Transport = &http.Transport{DisableKeepAlives: true} // else a closed connection would be retried
			form := url.Values{
				"grant_type": {"client_credentials"}, "client_id": {app.ConsumerKey}, "client_secret": {app.Secret},
			}.Encode()
			for _, path := range []string{tokenPath, "/services/oauth2/userinfo", "/services/data/v68.0/"} {
				method, body := http.MethodGet, ""
				if path == tokenPath {
					method, body = http.MethodPost, form
				}
				b.fail(tc.fault, 1)
				if got, err := b.try(method, b.MyDomainURL()+path, body, "Authorization", "Bearer "+token); !tc.matches(got, err) {
					t.Errorf("%s: %d, %d bytes, %v", path, got.Status, len(got.Body), err)
				}
			}
		})
	}
}

func TestSlowAndDown(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.fail(sandbox.Slow().ForOperation("token"), sandbox.UntilCleared)
	b.http.Timeout = 50 * time.Millisecond
	if _, err := b.clientCredentials(b.MyDomainURL()).Token(b.context()); err == nil {
		t.Error("a response arrived in time")
	}
	b.http.Timeout = 0
	b.Clear()
	b.must(b.Down())
	for _, site := range []string{b.LoginURL(), b.MyDomainURL()} {
		if _, err := b.try(http.MethodGet, site+"/services/data", ""); err == nil {
			t.Errorf("%s responds while it is down", site)
		}
	}
	b.must(b.Up())
	b.token()
}

func TestTLS(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}})
	if !strings.HasPrefix(b.LoginURL(), "https://") || !strings.HasPrefix(b.MyDomainURL(), "https://") || b.CA() == "" {
		t.Errorf("%s %s", b.LoginURL(), b.MyDomainURL())
	}
	if _, err := b.try(http.MethodGet, b.MyDomainURL()+"/services/data", ""); err == nil {
		t.Error("a client trusts an unknown authority")
	}
}
