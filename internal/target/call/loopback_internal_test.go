package call

import (
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// A loopback name can resolve to another machine, so the resolved address is checked when connecting. No name does that
// reliably in a test.
func TestLoopbackOnly(t *testing.T) {
	t.Parallel()
	for address, allowed := range map[string]bool{
		"127.0.0.1:80": true, "127.8.9.1:80": true, "[::1]:80": true, "192.0.2.1:80": false, "[2001:db8::1]:80": false,
		"0.0.0.0:80": false, "10.0.0.1:80": false, "127.0.0.1": false, "localhost:80": false,
	} {
		err := loopbackOnly(t.Context(), "tcp", address, nil)
		if allowed && err != nil || !allowed && !errors.Is(err, ErrAddress) {
			t.Errorf("%s: got %v", address, err)
		}
	}
}

func TestPlainHTTPIsLoopbackOnly(t *testing.T) {
	t.Parallel()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://192.0.2.1/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	n := withDefaults(target.Network{LoopbackHTTP: true})
	if _, err := newTransport(n, net.Dialer{}, new(tls.Config), nil).RoundTrip(req); !errors.Is(err, ErrAddress) {
		t.Errorf("got %v", err)
	}
}
