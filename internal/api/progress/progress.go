// Package progress reports how far a call has come while it runs: one line for each thing that is known, and a reminder of
// what is still awaited where nothing was reported for a while. Terraform's actions and the subcommands share it.
package progress

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// ReminderInterval is how long nothing is said at most.
const ReminderInterval = 10 * time.Second

// Reporter reports to a person who waits for something. It is safe for concurrent use.
type Reporter struct {
	send func(line string)

	mu sync.Mutex
	// waitingFor is what is waited for, since when.
	waitingFor string
	since      time.Time
	// lastReport is when the last line was, and timer the end of patience; it is nil after the end.
	lastReport time.Time
	timer      *time.Timer
}

// Start begins to report, with what is awaited first. Lines are sent one at a time, and none after ctx was cancelled. The
// caller defers end: nothing is sent after it.
func Start(ctx context.Context, send func(line string), awaited string) (t *Reporter, end func()) {
	now := time.Now()
	t = &Reporter{waitingFor: awaited, since: now, lastReport: now}
	t.send = func(line string) {
		// Once the action is cancelled nobody may be listening any more, and saying something could wait forever.
		if ctx.Err() == nil {
			send(line)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(ReminderInterval, t.reportStillWaiting)
	return t, t.stop
}

// StartWaiting notes what is waited for from now on. It completes the sentence "Still waiting for …".
func (t *Reporter) StartWaiting(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.waitingFor, t.since = fmt.Sprintf(format, args...), time.Now()
}

// Report reports one line.
func (t *Reporter) Report(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.write(fmt.Sprintf(format, args...))
}

func (t *Reporter) write(line string) {
	t.send(line)
	t.lastReport = time.Now()
	if t.timer != nil {
		t.timer.Reset(ReminderInterval)
	}
}

// reportStillWaiting says what is still waited for.
func (t *Reporter) reportStillWaiting() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer == nil || time.Since(t.lastReport) < ReminderInterval { // it ended, or something was said, at the same moment
		return
	}
	t.write(fmt.Sprintf("Still waiting for %s: %s so far.", t.waitingFor, time.Since(t.since).Round(time.Second)))
}

func (t *Reporter) stop() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer.Stop()
	t.timer = nil
}
