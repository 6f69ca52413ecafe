package call_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// The server's reason for closing a connection is reported, whatever the size of the request.
func TestRequiredCertificateIsReported(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	for _, size := range []int{0, 10, 1 << 20} {
		for range 20 {
			client := newClient(t, target.Network{}, authority(server))
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, bytes.NewReader(make([]byte, size)))
			if err != nil {
				t.Fatal(err)
			}
			_, err = call.Send(client, request)
			if err == nil || !strings.Contains(err.Error(), "certificate required") {
				t.Fatalf("%d bytes: got %v", size, err)
			}
			want := "The TLS handshake with " + server.Listener.Addr().String() + " failed: Remote error: tls: certificate required."
			if got := (call.Classifier{}).Unreachable(err).Message.String(); got != want {
				t.Errorf("%d bytes: got %q", size, got)
			}
		}
	}
}

// A server names the authorities that it accepts. A certificate of another authority is sent nevertheless: otherwise the server
// would report a missing certificate.
func TestCertificateOfOtherAuthorityIsSent(t *testing.T) {
	t.Parallel()
	certificate, key := pemtest.Pair(t, "", time.Now().Add(time.Hour))
	own, err := tls.X509KeyPair([]byte(certificate), []byte(key))
	if err != nil {
		t.Fatal(err)
	}
	other := httptest.NewTLSServer(http.NotFoundHandler())
	t.Cleanup(other.Close)
	accepted := x509.NewCertPool()
	accepted.AddCert(other.Certificate())
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = fmt.Fprintf(w, "shown %d", len(r.TLS.PeerCertificates))
		}))
		server.TLS = &tls.Config{
			ClientAuth: tls.RequestClientCert, ClientCAs: accepted, MinVersion: version, MaxVersion: version,
		}
		server.StartTLS()
		t.Cleanup(server.Close)
		client, err := call.NewClient(target.Network{}, authority(server), own)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(client.CloseIdleConnections)
		if got, err := get(t, client, server.URL); err != nil || got != "shown 1" {
			t.Errorf("%s: got %q, %v", tls.VersionName(version), got, err)
		}
	}
}
