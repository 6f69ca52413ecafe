package conformance

import (
	"net/http/httptest"
	"strings"
	"testing"
)

// brokenTLSServer returns the address of a server that breaks every TLS handshake.
func brokenTLSServer(t *testing.T) string {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil).Listener // on loopback; it does not serve HTTP
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Write([]byte(strings.Repeat("220 mail ready\r\n", 2)))
			_ = conn.Close()
		}
	}()
	return listener.Addr().String()
}
