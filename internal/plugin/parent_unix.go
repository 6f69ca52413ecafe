//go:build !windows

package plugin

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// watchParent returns a function that waits for the end of the parent. The function returns true when it has ended, and false
// when the context is canceled first. The operating system gives an orphan another parent.
func watchParent() func(context.Context) bool {
	first := os.Getppid()
	if !isRead(unix.Stdout) { // the parent ended before its id was read
		return func(context.Context) bool { return true }
	}
	return func(ctx context.Context) bool { return changed(ctx, first, os.Getppid) }
}

// isRead reports whether a pipe still has a reader: the parent reads the standard output until it ends. It returns true for
// everything that is not a pipe.
func isRead(output int) bool {
	fds := []unix.PollFd{{Fd: int32(output)}}
	_, err := unix.Poll(fds, 0)
	return err != nil || fds[0].Revents&(unix.POLLERR|unix.POLLHUP) == 0
}

// changed polls the id of the parent until it is not the first one.
func changed(ctx context.Context, first int, parent func() int) bool {
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
