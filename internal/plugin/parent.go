package plugin

import (
	"context"
	"time"
)

// pollInterval is the interval of checks where the operating system does not report the end of the parent.
const pollInterval = 250 * time.Millisecond

// parentEnded returns a channel that is closed when the process that started this one has ended. It is never closed if the
// parent cannot be watched. The watch stops with the context.
func parentEnded(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	wait := watchParent()
	go func() {
		if wait(ctx) {
			close(ended)
		}
	}()
	return ended
}
