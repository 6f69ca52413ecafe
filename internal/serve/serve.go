// Package serve is the front that runs a control plane behind a listener, for many clients: a stateless replica over a PostgreSQL
// database, or one process on a data directory. It is responsible for the network: TLS, limits, proxies, health, metrics, and an
// orderly stop. What requests mean is decided behind the handler of package plane.
package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The limits of a connection. A slow client cannot hold one for longer.
const (
	maxHeader = 32 << 10
	// writeTimeout is more than the longest operation of the contract takes: a test of a connection, with the wait for its turn.
	writeTimeout = 3 * time.Minute
	idleTimeout  = 2 * time.Minute
)

// Server is a control plane behind a listener.
type Server struct {
	options     Options
	log         *slog.Logger
	opened      storage.Opened
	plane       *plane.Plane
	ready       *readiness
	metrics     *metrics
	certificate *certificate // nil without TLS

	main, measures net.Listener // measures is nil without metrics
}

// Start opens everything and begins to listen; [Server.Run] answers requests. An error means that the configuration cannot be
// used, joined from one error for each thing that is wrong, or that the database cannot be used: an *[api.DatabaseError].
func Start(ctx context.Context, o Options) (_ *Server, err error) {
	if err := errors.Join(o.readDatabaseURL(), o.Check()); err != nil {
		return nil, err
	}
	s := &Server{options: o, log: o.Logger, metrics: newMetrics(o.Version)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.options.Now == nil {
		s.options.Now = time.Now
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.closeListeners())
		}
	}()
	if o.isTLS() {
		if s.certificate, err = o.loadCertificate(s.options.Now, s.log); err != nil {
			return nil, err
		}
		s.metrics.addCertificate(s.certificate)
	}
	if s.main, err = listen(ctx, "listen", o.Listen); err != nil {
		return nil, err
	}
	s.options.PublicURL = cmp.Or(strings.TrimRight(o.PublicURL, "/"), s.ownURL())
	if o.MetricsListen != "" {
		if s.measures, err = listen(ctx, "metrics-listen", o.MetricsListen); err != nil {
			return nil, err
		}
	}
	if err := s.open(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// ownURL is the address of the listener.
func (s *Server) ownURL() string {
	scheme := "http://"
	if s.certificate != nil {
		scheme = "https://"
	}
	host, _, _ := net.SplitHostPort(s.options.Listen)
	_, port, _ := net.SplitHostPort(s.Address())
	return scheme + net.JoinHostPort(host, port)
}

// listen opens a listener.
func listen(ctx context.Context, flag, address string) (net.Listener, error) {
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s: the port of %s is in use by another program: stop it, or configure another address",
			Flag(flag), address)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", Flag(flag), err)
	}
	return l, nil
}

// open opens the store, and assembles the control plane.
func (s *Server) open(ctx context.Context) error {
	o := s.options
	o.Storage.RequireKeyset, o.Storage.Version = true, o.Version
	o.Storage.Connections = cmp.Or(o.Storage.Connections, DefaultConnections)
	var err error
	if s.opened, err = storage.Open(ctx, o.Storage); err != nil {
		return err
	}
	addresses, err := target.NewAddresses(o.Targets)
	if err != nil {
		return errors.Join(err, s.opened.Store.Close())
	}
	network := target.Network{Addresses: addresses, LoopbackHTTP: addresses.ListsLoopback()}
	callers, err := o.openAccess(s.opened.Store, network, s.log, s.metrics.tokenRequested)
	if err != nil {
		return errors.Join(err, s.opened.Store.Close())
	}
	s.warn(ctx, o.Storage.Connections, addresses.Notes())
	s.ready = &readiness{check: s.opened.Store.CheckReady, now: o.Now, log: s.log}
	s.plane = plane.New(plane.Options{
		Store: s.opened.Store, StoreName: s.opened.Type, Systems: o.Storage.Systems, Version: o.Version,
		Network: network, Access: callers,
		PublicURL: o.PublicURL, SignInPeriod: o.SignInPeriod, Now: o.Now, Logger: s.log, Observer: s.metrics,
		DurableCycles: true,
	})
	s.metrics.addQueue(s.plane.WaitingCycles)
	if err := s.plane.Start(ctx); err != nil {
		return errors.Join(err, s.plane.Close(ctx), s.opened.Store.Close())
	}
	return nil
}

// openAccess decides who may call: clients with access tokens of this control plane, which name its public address.
func (o *Options) openAccess(
	opened *store.Store, network target.Network, log *slog.Logger, observe func(method, result string),
) (*access.Service, error) {
	var authorities []byte
	if o.IssuerCA != "" {
		var err error
		if authorities, err = readPEM("issuer-ca", o.IssuerCA); err != nil {
			return nil, err
		}
	}
	callers, err := access.New(access.Options{
		Store: opened, Issuer: o.PublicURL, Network: network, IssuerCA: string(authorities), Now: o.Now, Logger: log, Observe: observe,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", Flag("issuer-ca"), err)
	}
	return callers, nil
}

// warn logs what is not an error, and should be known.
func (s *Server) warn(ctx context.Context, connections int, notes []string) {
	for _, note := range notes {
		s.log.WarnContext(ctx, "unchecked addresses", "note", note)
	}
	for _, collision := range s.opened.Store.Collisions() {
		s.log.WarnContext(ctx, "two names collide", "collision", collision.String())
	}
	for _, warning := range s.opened.Warnings {
		s.log.WarnContext(ctx, "unsafe place", "warning", warning)
	}
	free, known, err := s.opened.Store.FreeConnections(ctx)
	switch {
	case err != nil:
		s.log.WarnContext(ctx, "the free connections of the database are not known", "error", err)
	case known && free < connections:
		s.log.WarnContext(ctx, "the server of the database has fewer free connections than this process may open",
			"free", free, "database_connections", connections)
	}
}

// Address is where the control plane listens.
func (s *Server) Address() string { return s.main.Addr().String() }

// MetricsAddress is where the metrics are; empty without them.
func (s *Server) MetricsAddress() string {
	if s.measures == nil {
		return ""
	}
	return s.measures.Addr().String()
}

// handler handles every request of the main listener.
func (s *Server) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/healthz", healthy)
	mux.HandleFunc("/readyz", s.ready.ready)
	mux.Handle("/", s.metrics.count(limitBody(s.plane.Handler())))
	return proxies(s.options.TrustedProxies).resolve(secureHeaders(mux))
}

func (s *Server) httpServer(handler http.Handler) *http.Server {
	timeout := cmp.Or(s.options.HeaderTimeout, defaultHeaderTimeout)
	return &http.Server{
		Handler: handler, MaxHeaderBytes: maxHeader, ReadHeaderTimeout: timeout, ReadTimeout: 3 * timeout,
		WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug),
	}
}

// Run answers requests until the context ends, and then stops: it lets running requests finish, ends running cycles, which are
// saved, and closes the store. The error says what did not end in time.
func (s *Server) Run(ctx context.Context) error {
	background, end := context.WithCancel(context.WithoutCancel(ctx))
	defer end()
	failed := make(chan error, 2)
	var serving sync.WaitGroup
	start := func(serve func() error) {
		serving.Go(func() {
			if err := serve(); !errors.Is(err, http.ErrServerClosed) {
				failed <- err
			}
		})
	}
	server, measures := s.httpServer(s.handler()), s.httpServer(s.metrics.handler())
	if s.certificate != nil {
		server.TLSConfig = s.certificate.config()
		start(func() error { return server.ServeTLS(s.main, "", "") })
		every := cmp.Or(s.options.ReloadInterval, defaultReloadInterval)
		serving.Go(func() { s.certificate.watch(background, every) })
	} else {
		start(func() error { return server.Serve(s.main) })
	}
	if s.measures != nil {
		start(func() error { return measures.Serve(s.measures) })
	}
	s.log.InfoContext(ctx, "serving", "address", s.Address(), "tls", s.certificate != nil, "metrics", s.MetricsAddress(),
		"public_url", s.options.PublicURL, "store", s.opened.Type, "place", s.opened.Place, "version", s.options.Version)
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
		err = fmt.Errorf("listen: %w", err)
	}
	err = errors.Join(err, s.stop(background, server, measures))
	end()
	serving.Wait()
	return err
}
