package sandbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
)

// Options configures the addresses and the TLS settings of a stand-in.
type Options struct {
	// Address is a loopback host and port; the default is a free port of 127.0.0.1.
	Address string
	// Sites are the addresses of the system's further sites, by name.
	Sites map[string]string
	// TLS enables TLS; nil means plain HTTP.
	TLS *TLS
}

// Host is the server of one stand-in. It is safe for concurrent use.
type Host struct {
	system    System
	script    *Script
	recorder  *Recorder
	authority *Authority  // nil without TLS
	tls       *tls.Config // nil without TLS

	sites []*site // the first has no name

	mu      sync.Mutex
	servers []*loopbackServer // one for each site; nil while down
	closed  bool
}

// Start creates a host and starts it.
func Start(options Options, system System) (*Host, error) {
	h := &Host{system: system, script: &Script{kinds: system.Kinds}, recorder: &Recorder{}}
	if err := h.setAddresses(options, system.Sites); err != nil {
		return nil, err
	}
	h.restore()
	if options.TLS != nil {
		authority, err := NewAuthority("Sandbox CA")
		if err != nil {
			return nil, err
		}
		certificate, err := authority.serverCertificate(*options.TLS)
		if err != nil {
			return nil, err
		}
		h.authority = authority
		h.tls = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
		authority.configureClientAuth(h.tls, *options.TLS)
	}
	listeners, err := h.listen()
	if err != nil {
		return nil, err
	}
	for i, listener := range listeners {
		h.sites[i].address = listener.Addr().String() // never changed again: calls that are being served read it
	}
	h.serveSites(listeners)
	return h, nil
}

// Up starts the host again on the same addresses. It does nothing if the host is up.
func (h *Host) Up() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.servers != nil || h.closed {
		return nil
	}
	listeners, err := h.listen()
	if err != nil {
		return err
	}
	h.serveSites(listeners)
	return nil
}

// listen opens the listeners of all sites, or of none if one fails.
func (h *Host) listen() ([]net.Listener, error) {
	var listeners []net.Listener
	for _, s := range h.sites {
		listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", s.address)
		if err != nil {
			failed := make([]error, 0, 1+len(listeners))
			failed = append(failed, fmt.Errorf("listen on %s: %w", s.address, err))
			for _, open := range listeners {
				failed = append(failed, open.Close())
			}
			return nil, errors.Join(failed...)
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

// serveSites starts a server for each site.
func (h *Host) serveSites(listeners []net.Listener) {
	for i, listener := range listeners {
		if h.tls != nil {
			listener = tls.NewListener(listener, h.tls)
		}
		h.servers = append(h.servers, serve(listener, h.handlerOf(h.sites[i].name)))
	}
}

func (h *Host) handlerOf(site string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.serve(w, r, site) })
}

// Down closes the listeners and all connections, so that new connections are refused. It keeps the addresses for Up.
func (h *Host) Down() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.stop()
}

// stop requires that h.mu is locked.
func (h *Host) stop() error {
	var failed []error
	for i, server := range h.servers {
		if err := server.close(); err != nil {
			failed = append(failed, fmt.Errorf("close %s: %w", h.sites[i].address, err))
		}
	}
	h.servers = nil
	return errors.Join(failed...)
}

// IsUp reports whether the host listens.
func (h *Host) IsUp() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.servers != nil
}

// Close stops the host for good and waits until all of its goroutines have ended.
func (h *Host) Close() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.closed = true
	return h.stop()
}

// URL returns the first address of the host with its scheme, without a path.
func (h *Host) URL() string { return h.URLOf("") }

// URLOf returns the address of one of the system's further sites; empty for an unknown site.
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

// CA returns the certificate of the authority that a client of the host must trust, as PEM; empty without TLS.
func (h *Host) CA() string {
	if h.authority == nil {
		return ""
	}
	return h.authority.PEM()
}

// Authority returns the authority that a client of the host must trust and that issues client certificates; nil without
// TLS.
func (h *Host) Authority() *Authority { return h.authority }

// ServerCertificate returns the certificate that the host presents (DER); nil without TLS.
func (h *Host) ServerCertificate() []byte {
	if h.tls == nil {
		return nil
	}
	return h.tls.Certificates[0].Certificate[0]
}

// Fail scripts a fault for the next calls that match it. times is their number; [UntilCleared] means all until Clear.
func (h *Host) Fail(fault Fault, times int) error { return h.script.Add(fault, times) }

// Clear removes the scripted faults of some kinds, or all of them, and releases the responses that they delay.
func (h *Host) Clear(kinds ...Kind) { h.script.Clear(kinds...) }

// Pending lists the scripted faults that have not been used up.
func (h *Host) Pending() []Scripted { return h.script.Pending() }

// Requests lists the requests in order of arrival (the newest 2000).
func (h *Host) Requests() []Request { return h.recorder.Requests() }

// SignIns counts the sign-in attempts.
func (h *Host) SignIns() SignIns { return h.recorder.SignIns() }

// SignInList lists the sign-in attempts (the newest 2000).
func (h *Host) SignInList() []SignIn { return h.recorder.SignInList() }

// Issued lists the tokens and sessions that responses contained, the newest first.
func (h *Host) Issued() []string { return h.recorder.Issued() }

// Forget deletes the records of requests, sign-ins and issued tokens.
func (h *Host) Forget() { h.recorder.Forget() }
