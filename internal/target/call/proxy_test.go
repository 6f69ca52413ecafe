package call_test

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// proxyEnvironment makes this binary a program that is started with a proxy in its environment, which Go reads once.
const proxyEnvironment = "RIVA_TEST_PROXIED"

// The certificates of that program, in PEM form: its own with the key, and the trusted one.
const (
	ownPair = "RIVA_TEST_PAIR"
	trusted = "RIVA_TEST_CA"
)

func TestProxy(t *testing.T) {
	if os.Getenv(proxyEnvironment) != "" {
		_, err := get(t, newClient(t, target.Network{}, ""), "https://mail.example.com/")
		fault := call.Classifier{Address: "url"}.Unreachable(err)
		t.Logf("%s %q: %s", fault.Code, fault.Field, fault.Message)
		return
	}
	t.Parallel()
	for status, want := range map[int]string{
		http.StatusBadGateway:        `system_not_available "": The proxy %s refused the connection to the system (HTTP 502).`,
		http.StatusForbidden:         `misconfigured "": The proxy %s refused the connection to the system (HTTP 403).`,
		http.StatusProxyAuthRequired: `misconfigured "": The proxy %s requires a sign-in of its own (HTTP 407).`,
	} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			checkProxy(t, status, want)
		})
	}
}

// checkProxy checks the fault of a proxy that responds with a status.
func checkProxy(t *testing.T, status int, want string) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	received := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if req, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			received <- req.Method + " " + req.RequestURI
		}
		_, _ = fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\n\r\n", status, http.StatusText(status))
		_ = conn.Close()
	}()
	out := withProxy(t, "http://"+listener.Addr().String())
	if want := fmt.Sprintf(want, listener.Addr()); !strings.Contains(out, want) {
		t.Errorf("%s, want %s", out, want)
	}
	if got := <-received; got != "CONNECT mail.example.com:443" {
		t.Errorf("the proxy received %q", got)
	}
	if out := withProxy(t, "http://user:canary@exa mple:1:2"); strings.Contains(out, "canary") {
		t.Errorf("a malformed address shows the proxy's password: %s", out)
	}
}

// Through a proxy, the server's certificate is verified as usual, and ours is sent to the server.
func TestTLSThroughProxy(t *testing.T) {
	if os.Getenv(proxyEnvironment) != "" {
		own, err := tls.X509KeyPair([]byte(os.Getenv(ownPair)), []byte(os.Getenv(ownPair)))
		if err != nil {
			t.Fatal(err)
		}
		client, err := call.NewClient(target.Network{}, os.Getenv(trusted), own)
		if err != nil {
			t.Fatal(err)
		}
		response, err := get(t, client, "https://mail.example.com/")
		if err != nil {
			response = call.Classifier{}.Unreachable(err).Message.String()
		}
		t.Log(response)
		return
	}
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "shown %d to %s", len(r.TLS.PeerCertificates), r.Host)
	}))
	server.TLS = &tls.Config{ClientAuth: tls.RequireAnyClientCert, MinVersion: tls.VersionTLS12}
	server.StartTLS()
	t.Cleanup(server.Close)
	proxy := httptest.NewServer(tunnel(t, server.Listener.Addr().String()))
	t.Cleanup(proxy.Close)
	certificate, key := pemtest.Pair(t, "", time.Now().Add(time.Hour))
	pair := ownPair + "=" + certificate + key
	if out := withProxy(t, proxy.URL, pair, trusted+"="+authority(server)); !strings.Contains(out, "shown 1 to mail.example.com") {
		t.Errorf("a trusted server: %s", out)
	}
	if out := withProxy(t, proxy.URL, pair, trusted+"="+certificate); !strings.Contains(out, "not trusted") {
		t.Errorf("another server: %s", out)
	}
}

// tunnel is a proxy that connects all clients to one address.
func tunnel(t *testing.T, to string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		there, err := (&net.Dialer{}).DialContext(r.Context(), "tcp", to)
		if err != nil {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		here, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_, _ = here.Write([]byte("HTTP/1.1 200 Connected\r\n\r\n"))
		go func() {
			_, _ = io.Copy(there, here)
			_ = there.Close()
		}()
		_, _ = io.Copy(here, there)
		_ = here.Close()
	}
}

// withProxy runs the test again with a proxy and further variables in its environment.
func withProxy(t *testing.T, address string, more ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$", "-test.v")
	cmd.Env = append(os.Environ(), proxyEnvironment+"=1", "HTTPS_PROXY="+address, "https_proxy="+address, "NO_PROXY=", "no_proxy=")
	cmd.Env = append(cmd.Env, more...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
