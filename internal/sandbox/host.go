package sandbox

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Options says where a stand-in listens and how.
type Options struct {
	// Address is a loopback host and port; the default is a free port of 127.0.0.1.
	Address string
	// Sites are such addresses for the further sites of the system, by name.
	Sites map[string]string
	// TLS makes the stand-in speak TLS; nil means plain HTTP.
	TLS *TLS
}

// Host is the server of one stand-in. It is safe for concurrent use.
type Host struct {
	system    System
	script    *Script
	recorder  *Recorder
	authority *Authority  // nil without TLS
	tls       *tls.Config // nil without TLS

	sites []*site // the first is the one without a name

	mu     sync.Mutex
	up     []*listening // one a site; none while down
	closed bool
}

// site is one of the addresses of a host.
type site struct{ name, address string }

// listening is the time between going up and going down.
type listening struct {
	server *http.Server
	cancel context.CancelFunc
	served chan struct{}
	conns  sync.WaitGroup
}

// freePort is the address of a site that nobody chose an address for.
const freePort = "127.0.0.1:0"

// ErrNotLoopback refuses an address that other machines could reach.
var ErrNotLoopback = errors.New("a stand-in listens on loopback only")

type connKey struct{}

func connOf(ctx context.Context) *Conn {
	conn, _ := ctx.Value(connKey{}).(*Conn)
	return conn
}

// Start makes a host and brings it up.
func Start(options Options, system System) (*Host, error) {
	h := &Host{system: system, script: &Script{check: system.Check}, recorder: &Recorder{}}
	if err := h.place(options, system.Sites); err != nil {
		return nil, err
	}
	h.restore()
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
		authority.ask(h.tls, *options.TLS)
	}
	listeners, err := h.listen()
	if err != nil {
		return nil, err
	}
	for i, listener := range listeners {
		h.sites[i].address = listener.Addr().String() // for good: what is being served may read it
	}
	h.begin(listeners)
	return h, nil
}

// place finds the addresses of the sites.
func (h *Host) place(options Options, names []string) error {
	for name := range options.Sites {
		if !slices.Contains(names, name) {
			return fmt.Errorf("there is no site %q", name)
		}
	}
	h.sites = []*site{{address: options.Address}}
	for _, name := range names {
		h.sites = append(h.sites, &site{name: name, address: options.Sites[name]})
	}
	for _, s := range h.sites {
		s.address = cmp.Or(s.address, freePort)
		if err := CheckLoopback(s.address); err != nil {
			return err
		}
	}
	return nil
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

// Up brings the host back on the addresses it had. It does nothing while the host is up.
func (h *Host) Up() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.up != nil || h.closed {
		return nil
	}
	listeners, err := h.listen()
	if err != nil {
		return err
	}
	h.begin(listeners)
	return nil
}

// listen opens the listeners of all sites, or none.
func (h *Host) listen() ([]net.Listener, error) {
	var listeners []net.Listener
	for _, s := range h.sites {
		listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", s.address)
		if err != nil {
			failed := []error{fmt.Errorf("listen on %s: %w", s.address, err)}
			for _, open := range listeners {
				failed = append(failed, open.Close())
			}
			return nil, errors.Join(failed...)
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// begin serves the sites.
func (h *Host) begin(listeners []net.Listener) {
	for i, listener := range listeners {
		if h.tls != nil {
			listener = tls.NewListener(listener, h.tls)
		}
		h.up = append(h.up, serve(listener, h.handlerOf(h.sites[i].name)))
	}
}

func (h *Host) handlerOf(site string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, site) })
}

// serve answers on the listener until the phase ends.
func serve(listener net.Listener, handler http.Handler) *listening {
	ctx, cancel := context.WithCancel(context.Background())
	p := &listening{cancel: cancel, served: make(chan struct{})}
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
func (p *listening) end() error {
	err := p.server.Close() // first, so that nothing is answered that was held
	p.cancel()
	<-p.served
	p.conns.Wait()
	return err
}

// Down closes the listeners and every connection, so that the next one is refused, and keeps the addresses for Up.
func (h *Host) Down() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.end()
}

// end needs the lock.
func (h *Host) end() error {
	var failed []error
	for i, up := range h.up {
		if err := up.end(); err != nil {
			failed = append(failed, fmt.Errorf("close %s: %w", h.sites[i].address, err))
		}
	}
	h.up = nil
	return errors.Join(failed...)
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

// URL is the first address of the host with its scheme, without a path.
func (h *Host) URL() string { return h.URLOf("") }

// URLOf is the address of one of the system's further sites; empty if there is none of that name.
func (h *Host) URLOf(name string) string {
	scheme := "http://"
	if h.tls != nil {
		scheme = "https://"
	}
	for _, s := range h.sites {
		if s.name == name {
			return scheme + s.address
		}
	}
	return ""
}

// CA is the PEM of the authority that a client of the host should trust; empty without TLS.
func (h *Host) CA() string {
	if h.authority == nil {
		return ""
	}
	return h.authority.PEM()
}

// Authority is the one that a client of the host should trust, and that issues clients' certificates; nil without TLS.
func (h *Host) Authority() *Authority { return h.authority }

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
