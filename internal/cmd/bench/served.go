package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// served is an embedded control plane behind a door on loopback, as far away as the latency says. It checks no token.
type served struct {
	url    string
	calls  atomic.Int64
	server *http.Server
	plane  *embedded.ControlPlane
	ended  chan error
}

func serve(ctx context.Context, plane *embedded.ControlPlane, latency time.Duration) (*served, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	s := &served{url: "http://" + listener.Addr().String(), plane: plane, ended: make(chan error, 1)}
	inside := &url.URL{Scheme: "http", Host: "embedded.invalid"}
	proxy := &httputil.ReverseProxy{
		Transport: plane,
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(inside) },
	}
	s.server = &http.Server{
		ReadHeaderTimeout: 10 * time.Second,
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.calls.Add(1)
			select {
			case <-time.After(latency):
				proxy.ServeHTTP(w, r)
			case <-r.Context().Done():
			}
		}),
	}
	go func() { s.ended <- s.server.Serve(listener) }()
	return s, nil
}

// reset starts counting anew and gives the count so far.
func (s *served) reset() int64 { return s.calls.Swap(0) }

func (s *served) close() error {
	err := s.server.Close()
	if ended := <-s.ended; !errors.Is(ended, http.ErrServerClosed) {
		err = errors.Join(err, ended)
	}
	return errors.Join(err, s.plane.Close())
}
