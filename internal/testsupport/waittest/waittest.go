// Package waittest waits in tests for what other goroutines and processes do.
package waittest

import (
	"testing"
	"time"
)

const (
	// limit is longer than anything that is waited for takes on a busy machine.
	limit = time.Minute
	// interval is the time between two looks at a condition.
	interval = 5 * time.Millisecond
)

// Until waits until the condition holds. The test fails if it does not within a minute.
func Until(tb testing.TB, what string, condition func() bool) {
	tb.Helper()
	timeout, ticker := time.NewTimer(limit), time.NewTicker(interval)
	defer timeout.Stop()
	defer ticker.Stop()
	for !condition() {
		select {
		case <-ticker.C:
		case <-timeout.C:
			tb.Fatalf("not after a minute: %s", what)
		}
	}
}
