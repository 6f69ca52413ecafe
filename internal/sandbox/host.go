package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"
)

// Options says where a stand-in listens and how.
type Options struct {
	// Address is a loopback host and port; the default is a free port of 127.0.0.1.
	Address string
	// TLS makes the stand-in speak TLS; nil means plain HTTP.
	TLS *TLS
}

// System is what a stand-in gives its host.
type System struct {
	// Answer serves one call; it is called concurrently.
	Answer func(*Call) Answer
	// Operation finds the protocol's operation in a request body; empty if it is not told.
	Operation func(body []byte) string
	// Check says what is wrong with a fault of a kind the system adds, or that there is no such kind.
	Check func(Fault) error
}

// Host is the server of one stand-in. It is safe for concurrent use.
type Host struct {
	handler   func(*Call) Answer
	operation func([]byte) string
	script    *Script
	recorder  *Recorder
	authority *Authority  // nil without TLS
	tls       *tls.Config // nil without TLS

	mu      sync.Mutex
	address string
	up      *phase // nil while down
	closed  bool
}

// phase is the time between going up and going down.
type phase struct {
	server *http.Server
	cancel context.CancelFunc
	served chan struct{}
	conns  sync.WaitGroup
}

// ErrNotLoopback refuses an address that other machines could reach.
var ErrNotLoopback = errors.New("a stand-in listens on loopback only")

type connKey struct{}

func connOf(ctx context.Context) *Conn {
	conn, _ := ctx.Value(connKey{}).(*Conn)
	return conn
}

// Start makes a host and brings it up.
func Start(options Options, system System) (*Host, error) {
	h := &Host{
		handler: system.Answer, operation: system.Operation,
		script: &Script{check: system.Check}, recorder: &Recorder{},
		address: options.Address,
	}
	if h.address == "" {
		h.address = "127.0.0.1:0"
	}
	if err := CheckLoopback(h.address); err != nil {
		return nil, err
	}
	if options.TLS != nil {
		authority, err := NewAuthority("Sandbox CA")
		if err != nil {
			return nil, err
		}
		certificate, err := authority.present(*options.TLS)
		if err != nil {
			return nil, err
		}
		h.authority = authority
		h.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	}
	if err := h.Up(); err != nil {
		return nil, err
	}
	return h, nil
}

// CheckLoopback returns [ErrNotLoopback] unless the host of address is a loopback address or localhost.
func CheckLoopback(address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("address %q: %w", address, err)
	}
	ip, err := netip.ParseAddr(host)
	if host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return fmt.Errorf("address %q: %w", address, ErrNotLoopback)
	}
	return nil
}

// Up brings the host back on the address it had. It does nothing while the host is up.
func (h *Host) Up() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.up != nil || h.closed {
		return nil
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", h.address)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", h.address, err)
	}
	h.address = listener.Addr().String()
	if h.tls != nil {
		listener = tls.NewListener(listener, h.tls)
	}
	h.up = serve(listener, http.HandlerFunc(h.serve))
	return nil
}

// serve answers on the listener until the phase ends.
func serve(listener net.Listener, handler http.Handler) *phase {
	ctx, cancel := context.WithCancel(context.Background())
	p := &phase{cancel: cancel, served: make(chan struct{})}
	// NTLM signs in connections, so streams of many requests on one connection (HTTP/2) are out of the question.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	p.server = &http.Server{
		Handler: handler, Protocols: protocols, ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // refused TLS handshakes are what some tests are about
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, new(Conn))
		},
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				p.conns.Add(1)
			case http.StateClosed:
				p.conns.Done()
			}
		},
	}
	go func() {
		defer close(p.served)
		_ = p.server.Serve(listener) // it ends when the phase ends: its error says only that
	}()
	return p
}

// end closes listener and connections and waits for everything that was under way.
func (p *phase) end() error {
	err := p.server.Close() // first, so that nothing is answered that was held
	p.cancel()
	<-p.served
	p.conns.Wait()
	return err
}

// Down closes the listener and every connection, so that the next one is refused, and keeps the address for Up.
func (h *Host) Down() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.end()
}

// end needs the lock.
func (h *Host) end() error {
	up := h.up
	h.up = nil
	if up == nil {
		return nil
	}
	if err := up.end(); err != nil {
		return fmt.Errorf("close %s: %w", h.address, err)
	}
	return nil
}

// IsUp tells whether the host listens.
func (h *Host) IsUp() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.up != nil
}

// Close ends the host for good and waits until nothing of it runs any more.
func (h *Host) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	return h.end()
}

// URL is the address of the host with its scheme, without a path.
func (h *Host) URL() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.tls != nil {
		return "https://" + h.address
	}
	return "http://" + h.address
}

// CA is the PEM of the authority that a client of the host should trust; empty without TLS.
func (h *Host) CA() string {
	if h.authority == nil {
		return ""
	}
	return h.authority.PEM()
}

// Fail scripts a fault for the next times calls it fits; [UntilCleared] means for all until Clear.
func (h *Host) Fail(fault Fault, times int) error { return h.script.Add(fault, times) }

// Clear removes the scripted faults of the kinds given, or all of them, and releases the answers they hold.
func (h *Host) Clear(kinds ...Kind) { h.script.Clear(kinds...) }

// Pending lists the scripted faults still to come.
func (h *Host) Pending() []Scripted { return h.script.Pending() }

// Requests lists what reached the host, in order of arrival (the newest 2000).
func (h *Host) Requests() []Request { return h.recorder.Requests() }

// SignIns counts the sign-in attempts that reached the host.
func (h *Host) SignIns() SignIns { return h.recorder.SignIns() }

// SignInList lists the sign-in attempts that reached the host (the newest 2000).
func (h *Host) SignInList() []SignIn { return h.recorder.SignInList() }

// Forget empties the record of requests and sign-ins.
func (h *Host) Forget() { h.recorder.Forget() }
