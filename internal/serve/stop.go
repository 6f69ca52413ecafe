package serve

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// stop stops in an orderly way. Two thirds of the time are for running requests. After that they are canceled, and answered with
// an error that can be retried. The rest of the time is for cycles, whose progress is saved.
func (s *Server) stop(ctx context.Context, server, measures *http.Server) error {
	timeout := cmp.Or(s.options.StopTimeout, defaultStopTimeout)
	start := time.Now()
	s.ready.stopping.Store(true)
	s.log.InfoContext(ctx, "stopping", "timeout", timeout)
	s.plane.Drain()
	// The rest is for the last responses and the store.
	ctx, cancel := context.WithTimeout(ctx, timeout-timeout/15)
	defer cancel()
	requests, cancelRequests := context.WithTimeout(ctx, timeout*2/3)
	defer cancelRequests()
	s.delay(requests)
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

// delay answers requests for a while, and says that the server is stopping.
func (s *Server) delay(ctx context.Context) {
	timer := time.NewTimer(s.options.StopDelay)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
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
