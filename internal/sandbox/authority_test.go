package sandbox_test

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// trusting returns a client that trusts only the authority of the host.
func trusting(t *testing.T, host *sandbox.Host) *http.Client {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM([]byte(host.CA())) {
		t.Fatal("no authority")
	}
	return client(t, &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}, ForceAttemptHTTP2: true,
	})
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

func TestCertificates(t *testing.T) {
	t.Parallel()
	for what, tc := range map[string]struct {
		options sandbox.TLS
		want    func(error) bool // nil: no error
	}{
		"valid":            {sandbox.TLS{}, nil},
		"another name":     {sandbox.TLS{Name: "mail.example.com"}, is[x509.HostnameError]},
		"untrusted":        {sandbox.TLS{Untrusted: true}, is[x509.UnknownAuthorityError]},
		"expired":          {sandbox.TLS{ExpiresIn: -time.Hour}, is[x509.CertificateInvalidError]},
		"expired long ago": {sandbox.TLS{ExpiresIn: -300 * 24 * time.Hour}, is[x509.CertificateInvalidError]},
		"nearly expired":   {sandbox.TLS{ExpiresIn: 48 * time.Hour}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			host := start(t, sandbox.Options{TLS: &tc.options}, plain)
			_, body, err := post(t.Context(), trusting(t, host), host, "x")
			switch {
			case tc.want == nil && (err != nil || body != "response to x"):
				t.Errorf("%q %v", body, err)
			case tc.want != nil && !tc.want(err):
				t.Errorf("error %v", err)
			}
		})
	}
}

func TestSpeaksOnlyHTTP1(t *testing.T) {
	t.Parallel()
	host := start(t, sandbox.Options{TLS: &sandbox.TLS{ExpiresIn: 48 * time.Hour}}, plain)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, host.URL(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := trusting(t, host).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.ProtoMajor != 1 || !strings.HasPrefix(host.URL(), "https://127.0.0.1:") {
		t.Errorf("%s at %s", response.Proto, host.URL())
	}
	if left := time.Until(response.TLS.PeerCertificates[0].NotAfter); left > 48*time.Hour || left < 47*time.Hour {
		t.Errorf("the certificate is valid for %s", left)
	}
}

func TestCertificatesOfClients(t *testing.T) {
	t.Parallel()
	shown := plain
	shown.Serve = func(call *sandbox.Call) sandbox.Response {
		owner := "none"
		for _, c := range call.Request.TLS.PeerCertificates {
			owner = c.EmailAddresses[0]
		}
		return sandbox.Response{Status: http.StatusOK, Body: []byte(owner)}
	}
	valid := &sandbox.ClientCertificate{Name: "Ada", Email: "ada@example.com"}
	untrusted := &sandbox.ClientCertificate{Email: "ada@example.com", Untrusted: true}
	expired := &sandbox.ClientCertificate{Email: "ada@example.com", ExpiresIn: -time.Hour}
	for what, tc := range map[string]struct {
		options sandbox.TLS
		own     *sandbox.ClientCertificate
		want    string // empty: the handshake fails
		signed  bool
	}{
		"not asked":           {sandbox.TLS{}, valid, "none", true},
		"asked, none":         {sandbox.TLS{AskClients: true}, nil, "none", false},
		"asked":               {sandbox.TLS{AskClients: true}, valid, "ada@example.com", true},
		"asked, untrusted":    {sandbox.TLS{AskClients: true}, untrusted, "ada@example.com", false},
		"asked, expired":      {sandbox.TLS{AskClients: true}, expired, "ada@example.com", true},
		"demanded":            {sandbox.TLS{DemandClients: true}, valid, "ada@example.com", true},
		"demanded, none":      {sandbox.TLS{DemandClients: true}, nil, "", false},
		"demanded, untrusted": {sandbox.TLS{DemandClients: true}, untrusted, "", false},
		"demanded, expired":   {sandbox.TLS{DemandClients: true}, expired, "", true},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			host := start(t, sandbox.Options{TLS: &tc.options}, shown)
			c := trusting(t, host)
			if tc.own != nil {
				pair := issue(t, host, *tc.own)
				transport, _ := c.Transport.(*http.Transport)
				// It sends its certificate even if the server's list of authorities does not contain the issuer.
				transport.TLSClientConfig.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
					return &pair, nil
				}
				if got := host.Authority().Signed(pair.Leaf); got != tc.signed {
					t.Errorf("signed by the authority: %v", got)
				}
			}
			_, body, err := post(t.Context(), c, host, "x")
			if body != tc.want || (err != nil) != (tc.want == "") {
				t.Errorf("got %q, %v; want %q", body, err, tc.want)
			}
		})
	}
}

func issue(t *testing.T, host *sandbox.Host, options sandbox.ClientCertificate) tls.Certificate {
	t.Helper()
	certificate, key, err := host.Authority().Issue(options)
	if err != nil {
		t.Fatal(err)
	}
	pair, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}
