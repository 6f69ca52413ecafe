// Package parent notices the end of the process that started this one. Terraform starts a provider and stops it when it is
// done. If Terraform is killed, nobody stops the provider: it has to notice by itself, or it would hold the database open
// for ever.
package parent

import (
	"context"
	"time"
)

// pollInterval is how often the parent is looked at, where the operating system does not report its end.
const pollInterval = time.Second

// Ended returns a channel that is closed when the process that started this one has ended. It is never closed if the parent
// cannot be watched. The watch stops with the context.
func Ended(ctx context.Context) <-chan struct{} {
	ended := make(chan struct{})
	go func() {
		if wait(ctx) {
			close(ended)
		}
	}()
	return ended
}
