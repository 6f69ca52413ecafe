package serve_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/waittest"
)

// pairFiles are the files of a certificate and its key.
type pairFiles struct{ certificate, key string }

func newPairFiles(t *testing.T) pairFiles {
	t.Helper()
	dir := t.TempDir()
	return pairFiles{filepath.Join(dir, "tls.crt"), filepath.Join(dir, "tls.key")}
}

// replace writes a new pair, and returns its certificate.
func (p pairFiles) replace(t *testing.T, name string, end time.Time) string {
	t.Helper()
	certificate, key := pemtest.Server(t, name, end)
	write(t, p.certificate, certificate)
	write(t, p.key, key)
	return certificate
}

func (p pairFiles) options() serve.Options {
	return serve.Options{TLSCertificate: p.certificate, TLSKey: p.key, ReloadInterval: 5 * time.Millisecond}
}

func TestTLSServesHTTP2WithSecureHeaders(t *testing.T) {
	t.Parallel()
	files := newPairFiles(t)
	authority := files.replace(t, "first", time.Now().Add(time.Hour))
	r := start(t, files.options())
	resp := get(t, client(t, authority), r.url+"/v1/instance")
	if resp.StatusCode != http.StatusUnauthorized || resp.ProtoMajor != 2 || resp.TLS == nil {
		t.Errorf("status %d over %s", resp.StatusCode, resp.Proto)
	}
	for name, want := range map[string]string{
		"Strict-Transport-Security": "max-age=31536000", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
		"Referrer-Policy": "no-referrer", "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		if got := resp.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if resp.Header.Get("X-Request-Id") == "" {
		t.Error("the response has no request id")
	}
	expiry := r.metrics(t, "riva_tls_certificate_expiry_timestamp_seconds")
	if len(expiry) != 1 {
		t.Errorf("the metrics say about the certificate %q", expiry)
	}
}

func TestPlainHTTPHasNoHSTS(t *testing.T) {
	t.Parallel()
	resp := get(t, client(t, ""), start(t, serve.Options{}).url+"/healthz")
	if got := resp.Header.Get("Strict-Transport-Security"); resp.StatusCode != http.StatusOK || got != "" {
		t.Errorf("status %d, Strict-Transport-Security %q", resp.StatusCode, got)
	}
}

// A certificate that is replaced is used for new connections; one that cannot be used is reported once, and the previous one
// stays.
func TestCertificateIsReloaded(t *testing.T) {
	t.Parallel()
	files := newPairFiles(t)
	files.replace(t, "first", time.Now().Add(time.Hour))
	r := start(t, files.options())
	second := files.replace(t, "second", time.Now().Add(time.Hour))
	served := func(authority string) string {
		resp, err := try(t.Context(), client(t, authority), http.MethodGet, r.url+"/healthz", nil)
		if err != nil {
			return ""
		}
		return resp.TLS.PeerCertificates[0].Subject.CommonName
	}
	waittest.Until(t, "the second certificate is served", func() bool { return served(second) == "second" })

	for _, c := range []struct { // in this order, since the key is compared with a certificate that can be read
		name  string
		spoil func(t *testing.T)
		want  string
	}{
		{"another key", func(t *testing.T) {
			_, key := pemtest.Server(t, "other", time.Now().Add(time.Hour))
			write(t, files.key, key)
		}, "does not belong to the certificate"},
		{"expired", func(t *testing.T) { files.replace(t, "expired", time.Now().Add(-time.Hour)) }, "expired on"},
		{"no PEM", func(t *testing.T) { write(t, files.certificate, "canary-7a1e") }, "are not a certificate and its key in PEM form"},
	} {
		before := strings.Count(r.log.String(), c.want)
		c.spoil(t)
		waittest.Until(t, c.name+": it is reported", func() bool { return strings.Count(r.log.String(), c.want) > before })
		if got := served(second); got != "second" {
			t.Errorf("%s: the certificate of %q is served", c.name, got)
		}
	}
	third := files.replace(t, "third", time.Now().Add(time.Hour))
	waittest.Until(t, "the third certificate is served", func() bool { return served(third) == "third" })
	if strings.Contains(r.log.String(), "canary-7a1e") {
		t.Error("the log quotes a file")
	}
}
