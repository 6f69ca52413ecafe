//go:build linux

package crash_test

import (
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// standIn is a target system.
type standIn interface {
	Fail(fault sandbox.Fault, times int) error
	Clear(kinds ...sandbox.Kind)
}

// slowDown makes target systems slow until the test ends: they hold most requests for a moment before they look at them.
func slowDown(t *testing.T, systems ...standIn) {
	t.Helper()
	const held, open = 150 * time.Millisecond, 20 * time.Millisecond
	done := make(chan struct{})
	var running sync.WaitGroup
	for _, system := range systems {
		running.Go(func() {
			for {
				if err := system.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
					t.Error(err)
				}
				ended := wait(done, held)
				system.Clear(sandbox.KindSlow)
				if ended || wait(done, open) {
					return
				}
			}
		})
	}
	t.Cleanup(func() {
		close(done)
		running.Wait()
	})
}

// wait reports whether done was closed within the time.
func wait(done <-chan struct{}, d time.Duration) bool {
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}
