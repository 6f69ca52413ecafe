package plugin

import (
	"context"
	"time"
)

// pollInterval is how often the parent is looked at, where the operating system does not report its end.
const pollInterval = time.Second

// parentEnded returns a channel that is closed when the process that started this one has ended. It is never closed if the
// parent cannot be watched. The watch stops with the context.
func parentEnded(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		if parentWait(ctx) {
			close(ended)
		}
	}()
	return ended
}
