package exchange_test

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
)

// showing returns a client that presents a certificate and sends no Authorization header.
func showing(t *testing.T, server *exchange.Server, certificate, key string) client {
	t.Helper()
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM([]byte(server.CA()))
	config := &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12}
	if certificate != "" {
		pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
		if err != nil {
			t.Fatal(err)
		}
		config.Certificates = []tls.Certificate{pair}
	}
	c := as(t, server, server.Service()).with("", "")
	transport := &http.Transport{TLSClientConfig: config}
	t.Cleanup(transport.CloseIdleConnections)
	c.HTTP.Transport = transport
	return c
}

func TestCertificatesAreMapped(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		schemes []exchange.Scheme
		own     *sandbox.ClientCertificate // nil: that of the service account
		change  func(*ews.Account)
		status  int
		body    string
		reason  string // of the rejection; empty: accepted, or no certificate
	}{
		"the service account": {status: http.StatusOK},
		"certificates only":   {schemes: []exchange.Scheme{exchange.Certificate}, status: http.StatusOK},
		"not offered":         {schemes: []exchange.Scheme{exchange.Basic}, status: http.StatusUnauthorized},
		"unknown user": {
			own: &sandbox.ClientCertificate{Name: "x", Email: "x@example.com"}, status: http.StatusUnauthorized, reason: "unknown user",
		},
		"locked": {
			change: func(a *ews.Account) { a.Locked = true }, status: http.StatusUnauthorized, reason: "account locked",
		},
		"disabled": {
			change: func(a *ews.Account) { a.Disabled = true }, status: http.StatusUnauthorized, reason: "account disabled",
		},
		"of another authority": {
			own: &sandbox.ClientCertificate{Email: "svc-riva@example.com", Untrusted: true}, status: http.StatusForbidden,
			body: "403.16", reason: "untrusted certificate",
		},
		"expired": {
			own: &sandbox.ClientCertificate{Email: "svc-riva@example.com", ExpiresIn: -time.Hour}, status: http.StatusForbidden,
			body: "403.17", reason: "expired certificate",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, exchange.Options{
				Options: sandbox.Options{TLS: &sandbox.TLS{}}, Schemes: tc.schemes, DetailedErrors: true,
			})
			certificate, key := server.Certificate()
			if tc.own != nil {
				var err error
				if certificate, key, err = server.Authority().Issue(*tc.own); err != nil {
					t.Fatal(err)
				}
			}
			if tc.change != nil {
				if err := server.Update("svc-riva", tc.change); err != nil {
					t.Fatal(err)
				}
			}
			got := showing(t, server, certificate, key).Call(ewstest.GetInbox)
			if got.Status != tc.status || !strings.Contains(got.Body, tc.body) {
				t.Errorf("%d %s", got.Status, got.Body)
			}
			for _, attempt := range server.SignInList() {
				if attempt.Scheme != "Certificate" || attempt.Reason != tc.reason {
					t.Errorf("recorded %+v", attempt)
				}
			}
		})
	}
}

func TestDemandedCertificates(t *testing.T) {
	t.Parallel()
	server := start(t, exchange.Options{Options: sandbox.Options{TLS: &sandbox.TLS{}}, DemandCertificate: true})
	service := server.Service()
	without := showing(t, server, "", "").with(service.Login(), service.Password)
	if got := without.Call(ewstest.GetInbox); got.Status != http.StatusForbidden || strings.Contains(got.Body, "403.7") {
		t.Errorf("without a certificate: %d %s", got.Status, got.Body)
	}
	certificate, key := server.Certificate()
	both := showing(t, server, certificate, key).with(service.Login(), service.Password)
	if got := both.Call(ewstest.GetInbox); got.Status != http.StatusOK || server.SignInList()[0].Scheme != "Basic" {
		t.Errorf("with both: %d %+v", got.Status, server.SignInList())
	}
	server.RevokeCertificate()
	if got := both.Call(ewstest.GetInbox); got.Status != http.StatusForbidden {
		t.Errorf("revoked: %d", got.Status)
	}
	if err := server.Reset(); err != nil {
		t.Fatal(err)
	}
	if got := both.Call(ewstest.GetInbox); got.Status != http.StatusOK {
		t.Errorf("after a reset: %d", got.Status)
	}
}
