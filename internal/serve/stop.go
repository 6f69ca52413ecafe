package serve

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// stop stops in an orderly way. Two thirds of the time are for running requests. After that they are canceled, and their clients
// are told that the control plane is stopping; the rest of the time is for cycles, whose progress is saved.
func (s *Server) stop(ctx context.Context, server, measures *http.Server) error {
	timeout := s.options.StopTimeout
	if timeout == 0 {
		timeout = defaultStopTimeout
	}
	start := time.Now()
	s.ready.stopping.Store(true)
	s.log.InfoContext(ctx, "stopping", "timeout", timeout)
	s.plane.Drain()
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	requests, cancelRequests := context.WithTimeout(ctx, timeout*2/3)
	defer cancelRequests()
	err := server.Shutdown(requests)
	if errors.Is(err, context.DeadlineExceeded) {
		s.log.WarnContext(ctx, "running requests are canceled")
		s.plane.Abort()
		err = nil
	}
	err = errors.Join(err, s.plane.Close(ctx))
	finished, cancelFinish := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancelFinish()
	if server.Shutdown(finished) != nil { // the responses of canceled requests are sent by now
		err = errors.Join(err, server.Close())
	}
	err = errors.Join(err, measures.Close(), s.opened.Store.Close())
	if err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	s.log.InfoContext(ctx, "stopped", "duration", time.Since(start))
	return nil
}

// closeListeners closes what a failed start has opened.
func (s *Server) closeListeners() error {
	var err error
	for _, l := range []net.Listener{s.main, s.measures} {
		if l != nil {
			err = errors.Join(err, l.Close())
		}
	}
	return err
}
