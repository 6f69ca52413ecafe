package exchange

import (
	"cmp"
	"sync"
)

// endpoint is where EWS is, and where Autodiscover says that it is.
type endpoint struct {
	first string // the path at the start

	mu         sync.Mutex
	path       string
	advertised string // empty: where it is
}

func (p *endpoint) start(path string) {
	p.first = cmp.Or(path, Path)
	p.reset()
}

func (p *endpoint) reset() { p.set(p.first, "") }

func (p *endpoint) set(path, advertised string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.path, p.advertised = path, advertised
}

func (p *endpoint) ews() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.path
}

func (p *endpoint) advertisedPath() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.advertised
}

// URL is the EWS address to give to a client.
func (s *Server) URL() string { return s.Host.URL() + s.place.ews() }

// OWA is the address of Outlook on the web, which a client may be given instead.
func (s *Server) OWA() string { return s.Host.URL() + "/owa/" }

// Move serves EWS at another path, and has Autodiscover name another address for it; empty means where it really is.
func (s *Server) Move(path, advertised string) { s.place.set(path, advertised) }
