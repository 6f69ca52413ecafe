// Package progress reports the progress of a call while it runs: one line for each event, and a reminder of what the call
// waits for if there was no event for a while. Terraform's actions and the subcommands share it.
package progress

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// ReminderInterval is the longest time without a line.
const ReminderInterval = 10 * time.Second

// Reporter reports the progress of one call. It is safe for concurrent use.
type Reporter struct {
	send func(line string)

	mu sync.Mutex
	// waitingFor is what the call waits for, since when.
	waitingFor string
	since      time.Time
	// lastReport is the time of the last line. timer fires when the next reminder is due; it is nil after the end.
	lastReport time.Time
	timer      *time.Timer
}

// Start starts to report; waitingFor is what the call waits for first. Lines are sent one at a time, and none after ctx is
// canceled. The caller defers end: no line is sent after it.
func Start(ctx context.Context, send func(line string), waitingFor string) (r *Reporter, end func()) {
	now := time.Now()
	r = &Reporter{waitingFor: waitingFor, since: now, lastReport: now}
	r.send = func(line string) {
		// After the action is canceled, there may be no receiver, and sending could block forever.
		if ctx.Err() == nil {
			send(line)
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer = time.AfterFunc(ReminderInterval, r.reportStillWaiting)
	return r, r.stop
}

// StartWaitingf sets what the call waits for from now on. It completes the sentence "Still waiting for …".
func (r *Reporter) StartWaitingf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.waitingFor, r.since = fmt.Sprintf(format, args...), time.Now()
}

// Reportf reports one line.
func (r *Reporter) Reportf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.write(fmt.Sprintf(format, args...))
}

func (r *Reporter) write(line string) {
	r.send(line)
	r.lastReport = time.Now()
	if r.timer != nil {
		r.timer.Reset(ReminderInterval)
	}
}

// reportStillWaiting reports what the call still waits for.
func (r *Reporter) reportStillWaiting() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer == nil || time.Since(r.lastReport) < ReminderInterval { // the end or a line came at the same time
		return
	}
	r.write(fmt.Sprintf("Still waiting for %s: %s so far.", r.waitingFor, time.Since(r.since).Round(time.Second)))
}

func (r *Reporter) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timer.Stop()
	r.timer = nil
}
