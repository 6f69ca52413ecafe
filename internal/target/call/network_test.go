package call_test

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

func loopback() target.Network {
	return target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, ResponseTimeout: 5 * time.Second}
}

func newClient(t *testing.T, n target.Network, ca string) *http.Client {
	t.Helper()
	client, err := call.NewClient(n, ca)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

func get(t *testing.T, client *http.Client, url string) (string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	req.SetBasicAuth("svc", "canary")
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	body, err := call.ReadResponse(resp)
	return string(body), err
}

func authority(server *httptest.Server) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
}

func serve(t *testing.T, handler http.HandlerFunc) *httptest.Server {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server
}

func TestClientTrustsAuthority(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, r.Proto)
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	body, err := get(t, newClient(t, target.Network{}, authority(server)), server.URL)
	if err != nil || body != "HTTP/1.1" {
		t.Errorf("got %q, %v; want HTTP/1.1, which NTLM needs", body, err)
	}
	for spelling, text := range pemtest.Spellings(authority(server)) {
		if _, err := get(t, newClient(t, target.Network{}, text), server.URL); err != nil {
			t.Errorf("%s: %v", spelling, err)
		}
	}
	var unknown x509.UnknownAuthorityError
	if _, err := get(t, newClient(t, target.Network{}, ""), server.URL); !errors.As(err, &unknown) {
		t.Errorf("without the certificate: got %v, want an unknown authority", err)
	}
}

func TestClientRejectsOldTLS(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.StartTLS()
	t.Cleanup(server.Close)
	if _, err := get(t, newClient(t, target.Network{}, authority(server)), server.URL); err == nil {
		t.Error("TLS 1.1 was accepted")
	}
}

func TestClientRejectsInvalidPEM(t *testing.T) {
	t.Parallel()
	if _, err := call.NewClient(target.Network{}, "no certificate"); err == nil {
		t.Error("got a client without the certificates")
	}
}

func TestClientRejectsAddresses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		network target.Network
		url     string
	}{
		"http without the option":   {target.Network{}, "http://127.0.0.1:1/"},
		"http to another machine":   {loopback(), "http://192.0.2.1/"},
		"http to another name":      {loopback(), "http://mail.example.com/"},
		"a name like a loopback":    {loopback(), "http://localhost.example.com/"},
		"another scheme altogether": {loopback(), "ftp://127.0.0.1/"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := get(t, newClient(t, test.network, ""), test.url); !errors.Is(err, call.ErrAddress) {
				t.Errorf("got %v, want an address error", err)
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int32
	elsewhere := serve(t, func(http.ResponseWriter, *http.Request) { arrived.Add(1) })
	var hops atomic.Int32
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/here":
			http.Redirect(w, r, "/there", http.StatusFound)
		case "/there":
			_, password, _ := r.BasicAuth()
			_, _ = io.WriteString(w, password)
		case "/loop":
			hops.Add(1)
			http.Redirect(w, r, "/loop", http.StatusFound)
		default:
			http.Redirect(w, r, elsewhere.URL+"/secret?token=canary#part", http.StatusTemporaryRedirect)
		}
	})
	client := newClient(t, loopback(), "")
	if body, err := get(t, client, server.URL+"/here"); err != nil || body != "canary" {
		t.Errorf("redirect to the same host: got %q, %v", body, err)
	}
	var redirect *call.RedirectError
	if _, err := get(t, client, server.URL+"/away"); !errors.As(err, &redirect) || redirect.To != elsewhere.URL+"/secret" {
		t.Errorf("redirect to another host: got %v", err)
	}
	if arrived.Load() != 0 {
		t.Error("a call was sent to the other host")
	}
	// A host that redirects in circles, such as one that requires the cookie of a sign-in page, always does so.
	_, err := get(t, client, server.URL+"/loop")
	fault := call.Classifier{Address: "url"}.Unreachable(err)
	if err == nil || hops.Load() > 10 || fault.Code != target.Misconfigured || fault.Field != "url" ||
		fault.Message.String() != "The address redirects more than 10 times." {
		t.Errorf("redirect loop: got %v after %d hops", fault, hops.Load())
	}
}

func TestRedirectToPlainHTTP(t *testing.T) {
	t.Parallel()
	var to string
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, to, http.StatusFound)
	}))
	t.Cleanup(server.Close)
	to = strings.Replace(server.URL, "https://", "http://", 1) + "/"
	var redirect *call.RedirectError
	if _, err := get(t, newClient(t, loopback(), authority(server)), server.URL); !errors.As(err, &redirect) {
		t.Errorf("got %v, want a redirect error", err)
	}
}

func TestResponsesAreLimited(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/silent":
			<-release
		case "/drip":
			_, _ = io.WriteString(w, "a")
			_ = http.NewResponseController(w).Flush()
			<-release
		case "/huge":
			_, _ = w.Write(make([]byte, 4<<20+1))
		default:
			_, _ = w.Write(make([]byte, 4<<20))
		}
	})
	t.Cleanup(func() { close(release) })
	hurried := loopback()
	hurried.ResponseTimeout = 50 * time.Millisecond
	for _, path := range []string{"/silent", "/drip"} {
		if _, err := get(t, newClient(t, hurried, ""), server.URL+path); !errors.Is(err, call.ErrResponseTimeout) {
			t.Errorf("%s: got %v, want a timeout", path, err)
		}
	}
	var large *call.ResponseTooLargeError
	if _, err := get(t, newClient(t, loopback(), ""), server.URL+"/huge"); !errors.As(err, &large) {
		t.Errorf("huge: got %v", err)
	}
	if body, err := get(t, newClient(t, loopback(), ""), server.URL+"/large"); err != nil || len(body) != 4<<20 {
		t.Errorf("4 MiB: got %d bytes, %v", len(body), err)
	}
}

func TestConnectTimeout(t *testing.T) {
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0") // accepts, but never sends
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	n := loopback()
	n.ConnectTimeout = 50 * time.Millisecond
	_, err = get(t, newClient(t, n, ""), "https://"+listener.Addr().String())
	fault := call.Classifier{Address: "url"}.Unreachable(err)
	if fault.Code != target.SystemNotAvailable || !fault.Message.Contains("could be made in time") {
		t.Errorf("got %v", fault)
	}
}

func TestContextCancelsCall(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	server := serve(t, func(http.ResponseWriter, *http.Request) {
		cancel()
		<-release
	})
	t.Cleanup(func() { close(release) })
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := newClient(t, loopback(), "").Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", resp, err)
	}
}

func TestConnectionsAreReused(t *testing.T) {
	t.Parallel()
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 1<<20))
	}))
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	client := newClient(t, loopback(), "")
	for range 5 {
		if _, err := get(t, client, server.URL); err != nil {
			t.Fatal(err)
		}
	}
	if connections.Load() != 1 {
		t.Errorf("5 calls took %d connections", connections.Load())
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	server := serve(t, func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.UserAgent()) })
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := call.Send(newClient(t, loopback(), ""), req)
	if err != nil || string(response.Body) != "terraform-provider-riva" {
		t.Errorf("the server sees %q, %v", response.Body, err)
	}
	if len(req.Header) != 0 {
		t.Errorf("the caller's request has %v now", req.Header)
	}
}
