package sandbox

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// loopbackServer is an HTTP server on one listener. A host has one for each site between Up and Down.
type loopbackServer struct {
	server      *http.Server
	cancel      context.CancelFunc
	served      chan struct{}
	connections sync.WaitGroup
}

type connKey struct{}

func connOf(ctx context.Context) *Conn {
	conn, _ := ctx.Value(connKey{}).(*Conn)
	return conn
}

// serve serves HTTP on the listener until the server is closed.
func serve(listener net.Listener, handler http.Handler) *loopbackServer {
	ctx, cancel := context.WithCancel(context.Background())
	s := &loopbackServer{cancel: cancel, served: make(chan struct{})}
	// NTLM authenticates connections, so HTTP/2 with many requests at once on one connection is not possible.
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	s.server = &http.Server{
		Handler: handler, Protocols: protocols, ReadHeaderTimeout: 30 * time.Second,
		ErrorLog:    slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // some tests cause failed TLS handshakes
		BaseContext: func(net.Listener) context.Context { return ctx },
		ConnContext: func(ctx context.Context, _ net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, new(Conn))
		},
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				s.connections.Add(1)
			case http.StateClosed:
				s.connections.Done()
			}
		},
	}
	go func() {
		defer close(s.served)
		_ = s.server.Serve(listener) // returns http.ErrServerClosed when the server is closed
	}()
	return s
}

// close closes the listener and all connections, and waits until all of its goroutines have ended.
func (s *loopbackServer) close() error {
	err := s.server.Close() // first, so that delayed responses are not sent
	s.cancel()
	<-s.served
	s.connections.Wait()
	return err
}
