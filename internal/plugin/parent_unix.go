//go:build !windows

package plugin

import (
	"context"
	"os"
	"time"
)

// parentWait reports whether the parent ended, or false once the context is canceled. An orphan gets another parent.
func parentWait(ctx context.Context) bool {
	return changed(ctx, os.Getppid)
}

// changed polls the id of the parent until it is another one than at first.
func changed(ctx context.Context, parent func() int) bool {
	first := parent()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return false
		case <-ticker.C:
			if parent() != first {
				return true
			}
		}
	}
}
