package target_test

import (
	"bufio"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// proxied makes this binary the program that is started with a proxy in its environment, which is read once.
const proxied = "RIVA_TEST_PROXIED"

func TestProxyOfTheEnvironment(t *testing.T) {
	if os.Getenv(proxied) != "" {
		_, err := get(t, newClient(t, target.Network{}, ""), "https://mail.example.com/")
		t.Log(target.Classifier{}.Unreachable(err).Message)
		return
	}
	t.Parallel()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	asked := make(chan string, 1)
	go func() {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if req, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
			asked <- req.Method + " " + req.RequestURI
		}
		_, _ = conn.Write([]byte("HTTP/1.1 502 Bad Gateway\r\n\r\n"))
		_ = conn.Close()
	}()
	if out := withProxy(t, "http://"+listener.Addr().String()); !strings.Contains(out, "Bad Gateway") {
		t.Errorf("the proxy's refusal is not told: %s", out)
	}
	if got := <-asked; got != "CONNECT mail.example.com:443" {
		t.Errorf("the proxy was asked %q", got)
	}
	if out := withProxy(t, "http://user:canary@exa mple:1:2"); strings.Contains(out, "canary") {
		t.Errorf("a malformed address shows the proxy's password: %s", out)
	}
}

func withProxy(t *testing.T, address string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfTheEnvironment$", "-test.v")
	cmd.Env = append(os.Environ(), proxied+"=1", "HTTPS_PROXY="+address, "https_proxy="+address, "NO_PROXY=", "no_proxy=")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return string(out)
}
