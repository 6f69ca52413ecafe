// Package progress is how an action says what it is doing, while it does it: a line for whatever is known, and where
// nothing is for a while, what it still waits for and for how long. Terraform shows nothing of an action by itself. A
// subcommand that does what an action does says it the same way.
package progress

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
)

// Patience is how long nothing is said at most.
const Patience = 10 * time.Second

// Teller tells the person who waits for something how far it is. It is safe for concurrent use.
type Teller struct {
	send func(line string)

	mu sync.Mutex
	// awaited is what is waited for, since when.
	awaited string
	since   time.Time
	// said is when the last line was, and timer the end of patience; it is nil after the end.
	said  time.Time
	timer *time.Timer
}

// Begin is called when an action begins, with what it waits for first. The caller defers end: after it nobody listens.
func Begin(ctx context.Context, resp *action.InvokeResponse, awaited string) (t *Teller, end func()) {
	return BeginTo(ctx, func(line string) { resp.SendProgress(action.InvokeProgressEvent{Message: line}) }, awaited)
}

// BeginTo is Begin for what is no action: each line is sent, one at a time, but none to whoever has cancelled.
func BeginTo(ctx context.Context, send func(line string), awaited string) (t *Teller, end func()) {
	now := time.Now()
	t = &Teller{awaited: awaited, since: now, said: now}
	t.send = func(line string) {
		// Once the action is cancelled nobody may be listening any more, and saying something could wait forever.
		if ctx.Err() == nil {
			send(line)
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = time.AfterFunc(Patience, t.remind)
	return t, t.end
}

// Await notes what is waited for from now on. It completes the sentence "Still waiting for …".
func (t *Teller) Await(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.awaited, t.since = fmt.Sprintf(format, args...), time.Now()
}

// Say says one line.
func (t *Teller) Say(format string, args ...any) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.say(fmt.Sprintf(format, args...))
}

func (t *Teller) say(line string) {
	t.send(line)
	t.said = time.Now()
	if t.timer != nil {
		t.timer.Reset(Patience)
	}
}

// remind says what is still waited for.
func (t *Teller) remind() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.timer == nil || time.Since(t.said) < Patience { // it ended, or something was said, at the same moment
		return
	}
	t.say(fmt.Sprintf("Still waiting for %s: %s so far.", t.awaited, time.Since(t.since).Round(time.Second)))
}

func (t *Teller) end() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer.Stop()
	t.timer = nil
}
