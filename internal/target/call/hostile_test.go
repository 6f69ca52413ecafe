package call_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// hostile is a server that sends a text to every request, then repeats another one until the connection is closed.
type hostile struct {
	begin, again string
	// slowly sends one byte at a time, so that something always arrives.
	slowly bool
	// holds reports that only time ends the call: the server stays below every limit on size.
	holds bool
	// message is a part of the fault's message where something else ends the call.
	message string
}

func hostileServers() map[string]hostile {
	const (
		ok       = "HTTP/1.1 200 OK\r\n"
		switched = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"
		again    = "HTTP/1.1 307 Temporary Redirect\r\nLocation: /\r\nContent-Length: 0\r\n\r\n"
	)
	return map[string]hostile{
		"never answers":            {holds: true},
		"never ends its header":    {begin: ok, holds: true},
		"never ends its body":      {begin: ok + "Content-Length: 9\r\n\r\n1", holds: true},
		"never ends its trailer":   {begin: ok + "Transfer-Encoding: chunked\r\n\r\n0\r\nA: b", holds: true},
		"drips its header":         {begin: ok + "X: ", again: "x", slowly: true, holds: true},
		"drips its body":           {begin: ok + "Content-Length: 1000000\r\n\r\n", again: "x", slowly: true, holds: true},
		"drips interim responses":  {again: "HTTP/1.1 103 Early Hints\r\n\r\n", slowly: true, holds: true},
		"sends interim responses":  {again: "HTTP/1.1 103 Early Hints\r\n\r\n", message: "exceeded"},
		"sends a header":           {begin: ok, again: "X-Filler: x\r\n", message: "exceeded"},
		"sends a body":             {begin: ok + "\r\n", again: "x", message: "4 MiB"},
		"sends chunks":             {begin: ok + "Transfer-Encoding: chunked\r\n\r\n", again: "4\r\nxxxx\r\n", message: "4 MiB"},
		"sends a trailer":          {begin: ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", again: "A: b\r\n", message: "trailer"},
		"switches protocols":       {begin: switched, message: "HTTP 101"},
		"switches to no protocol":  {begin: "HTTP/1.1 101 Switching Protocols\r\n\r\n", message: "HTTP 101"},
		"talks after the switch":   {begin: switched, again: "x", message: "HTTP 101"},
		"redirects without an end": {begin: again, message: "more than 10 times"},
	}
}

// start starts the server. Every request is announced, and the bytes that the server could send are counted.
func (h hostile) start(t *testing.T) (address string, received <-chan struct{}, sent *atomic.Int64) {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	requests := make(chan struct{}, 100)
	sent = new(atomic.Int64)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go h.serve(t.Context(), conn, requests, sent)
		}
	}()
	return "http://" + listener.Addr().String(), requests, sent
}

func (h hostile) serve(ctx context.Context, conn net.Conn, requests chan<- struct{}, sent *atomic.Int64) {
	context.AfterFunc(ctx, func() { _ = conn.Close() })
	reader := bufio.NewReader(conn)
	for {
		if _, err := http.ReadRequest(reader); err != nil {
			return
		}
		requests <- struct{}{}
		if _, err := io.WriteString(conn, h.begin); err != nil {
			return
		}
		if h.again != "" {
			h.repeat(ctx, conn, sent)
		}
	}
}

// repeat sends until the client has disconnected.
func (h hostile) repeat(ctx context.Context, conn net.Conn, sent *atomic.Int64) {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	text := strings.Repeat(h.again, 1000)
	for at := 0; ; at++ {
		part := text
		if h.slowly {
			part = text[at%len(text):][:1]
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
		n, err := io.WriteString(conn, part)
		sent.Add(int64(n))
		if err != nil {
			return
		}
	}
}

// requireEnd makes a call, which must end although the server does not.
func requireEnd(ctx context.Context, t *testing.T, n target.Network, address string) *target.Fault {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	client, ended := newClient(t, n, ""), make(chan error, 1)
	go func() {
		_, err := call.Send(client, req)
		ended <- err
	}()
	select {
	case err := <-ended:
		if err == nil {
			t.Fatal("got a response")
		}
		return call.Classifier{Address: "url"}.Unreachable(err)
	case <-time.After(5 * time.Minute):
		t.Fatal("the call hangs")
	}
	return nil
}

// maxSent is more than the client reads and the buffers of two sockets hold.
const maxSent = 64 << 20

func TestCallEndsWithResponseTimeout(t *testing.T) {
	t.Parallel()
	for name, h := range hostileServers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, _, sent := h.start(t)
			n := loopback()
			n.ResponseTimeout = time.Hour
			if h.holds {
				n.ResponseTimeout, h.message = 50*time.Millisecond, "in time"
			}
			fault := requireEnd(t.Context(), t, n, address)
			if !fault.Message.Contains(h.message) {
				t.Errorf("got %q, want %q", fault.Message, h.message)
			}
			if sent.Load() > maxSent {
				t.Errorf("the client took %d bytes", sent.Load())
			}
		})
	}
}

func TestCallEndsWithContext(t *testing.T) {
	t.Parallel()
	for name, h := range hostileServers() {
		if !h.holds {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, received, _ := h.start(t)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-received
				cancel()
			}()
			n := loopback()
			n.ResponseTimeout = time.Hour
			if fault := requireEnd(ctx, t, n, address); !errors.Is(fault.Cause, context.Canceled) {
				t.Errorf("got %v", fault.Cause)
			}
		})
	}
}

// A switch is what the address does, so the address is the field to correct.
func TestProtocolSwitchIsMisconfigured(t *testing.T) {
	t.Parallel()
	address, _, _ := hostileServers()["switches protocols"].start(t)
	fault := requireEnd(t.Context(), t, loopback(), address)
	if fault.Code != target.Misconfigured || fault.Field != "url" {
		t.Errorf("got %+v", fault)
	}
}
