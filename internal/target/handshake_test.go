package target_test

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Why a server ends a connection is told, however much of the call is written by then.
func TestServersThatDemandACertificate(t *testing.T) {
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
			_, err = target.Send(client, request)
			if err == nil || !strings.Contains(err.Error(), "certificate required") {
				t.Fatalf("%d bytes: got %v", size, err)
			}
			const want = "The TLS handshake failed: Remote error: tls: certificate required."
			if got := (target.Classifier{}).Unreachable(err).Message; got != want {
				t.Errorf("%d bytes: got %q", size, got)
			}
		}
	}
}
