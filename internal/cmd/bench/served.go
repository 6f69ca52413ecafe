package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// countingServer makes an embedded control plane available on loopback, with added latency, and counts the calls by kind. It does
// not check tokens.
type countingServer struct {
	url    string
	mu     sync.Mutex
	calls  calls
	server *http.Server
	plane  *embedded.ControlPlane
	served chan error // the error of Serve
}

func serve(ctx context.Context, plane *embedded.ControlPlane, latency time.Duration) (*countingServer, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &countingServer{url: "http://" + listener.Addr().String(), calls: calls{}, plane: plane, served: make(chan error, 1)}
	address, err := url.Parse(embedded.BaseURL)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("address of the control plane: %w", err), listener.Close())
	}
	proxy := &httputil.ReverseProxy{
		Transport: plane,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(address) },
	}
	s.server = &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.count(r)
			select {
			case <-time.After(latency):
				proxy.ServeHTTP(w, r)
			case <-r.Context().Done():
			}
		}),
	}
	go func() { s.served <- s.server.Serve(listener) }()
	return s, nil
}

func (s *countingServer) count(r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls[kindOf(r.Method, r.URL.Path)]++
}

// reset starts a new count and returns the count so far.
func (s *countingServer) reset() calls {
	s.mu.Lock()
	defer s.mu.Unlock()
	counted := s.calls
	s.calls = calls{}
	return counted
}

func (s *countingServer) close() error {
	err := s.server.Close()
	if served := <-s.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return errors.Join(err, s.plane.Close())
}
