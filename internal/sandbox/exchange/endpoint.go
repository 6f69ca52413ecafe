package exchange

import (
	"cmp"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// endpoint is the path of EWS, and the address of EWS that Autodiscover returns.
type endpoint struct {
	initialPath string // the path at the start

	mu         sync.Mutex
	path       string
	advertised string // empty means the real address
}

func (e *endpoint) start(path string) {
	e.initialPath = cmp.Or(path, Path)
	e.reset()
}

func (e *endpoint) reset() { e.set(e.initialPath, "") }

func (e *endpoint) set(path, advertised string) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.path, e.advertised = path, advertised
}

func (e *endpoint) currentPath() string { return sandbox.Read(&e.mu, &e.path) }

func (e *endpoint) advertisedPath() string { return sandbox.Read(&e.mu, &e.advertised) }

// URL returns the address of EWS.
func (s *Server) URL() string { return s.Host.URL() + s.endpoint.currentPath() }

// OWA returns the address of Outlook on the web, which a client may use instead.
func (s *Server) OWA() string { return s.Host.URL() + "/owa/" }

// Move serves EWS at another path and sets the address that Autodiscover returns; empty means the real one.
func (s *Server) Move(path, advertised string) { s.endpoint.set(path, advertised) }
