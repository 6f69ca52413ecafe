package serve_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
)

func TestLargeHeadersAreRefused(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{})
	resp := get(t, client(t, ""), r.url+"/v1/instance", "X-Long", strings.Repeat("x", 48<<10))
	if resp.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("headers of 48 KiB: status %d", resp.StatusCode)
	}
	resp = get(t, client(t, ""), r.url+"/v1/instance", "X-Long", strings.Repeat("x", 16<<10))
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("headers of 16 KiB: status %d", resp.StatusCode)
	}
}

// A client that sends the beginning of something and then nothing is disconnected.
func TestSlowClientsAreDisconnected(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{HeaderTimeout: 50 * time.Millisecond})
	for name, text := range map[string]string{
		"nothing":           "",
		"half of a header":  "GET /v1/instance HTTP/1.1\r\nHost: riva",
		"half of a body":    "POST /v1/users HTTP/1.1\r\nHost: riva\r\nContent-Length: 100\r\n\r\n{",
		"a body in trickle": "POST /v1/users HTTP/1.1\r\nHost: riva\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.Address())
			if err != nil {
				t.Fatal(err)
			}
			defer connection.Close() //nolint:errcheck // the server has closed it
			if _, err := io.WriteString(connection, text); err != nil {
				t.Fatal(err)
			}
			if err := connection.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, connection); errors.Is(err, os.ErrDeadlineExceeded) {
				t.Error("the server waits for the client")
			}
		})
	}
}

// What is larger than the contract allows is not read, whichever handler it is for.
func TestLargeBodiesAreNotRead(t *testing.T) {
	t.Parallel()
	r := start(t, serve.Options{PublicURL: "http://127.0.0.1"})
	for _, path := range []string{"/v1/users", "/authorize/unknown", "/nowhere"} {
		connection, err := new(net.Dialer).DialContext(t.Context(), "tcp", r.Address())
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(connection, "POST "+path+" HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n"+
			strings.Repeat("x", api.MaxBody/2))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(bufio.NewReader(connection), nil)
		if err != nil || resp.StatusCode < 400 || !resp.Close {
			t.Errorf("%s: %+v, %v", path, resp, err)
		}
		if err := connection.Close(); err != nil {
			t.Error(err)
		}
	}
}
