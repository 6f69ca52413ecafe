package controlplane

import (
	"context"
	"sync"
	"time"
)

// quietPeriod is how long a wait for another object continues while no call about any object runs. Terraform starts the next
// resource within milliseconds.
const quietPeriod = time.Second

// runState is what this run has read and written. Terraform does not pass a whole state to a provider, but one resource at a
// time, several at once and in any order. The zero value is ready to use.
type runState struct {
	mu sync.Mutex
	// inState has the ids of the objects that are in the state, and wrote when they were last written: the value of writes then.
	inState map[string]bool
	wrote   map[string]int
	// calls is the number of calls about objects that run now, and writes that of successful writes so far.
	calls, writes int
	// changed is closed when something of this changes.
	changed chan struct{}
}

// FoundInState records the id of an object that is in the state, at the start of a call about it. An empty id is a new object.
// The caller calls done at the end of the call.
func (a *Access) FoundInState(id string) (done func()) {
	a.state.update(func(s *runState) {
		s.inState[id] = id != ""
		s.calls++
	})
	return func() { a.state.update(func(s *runState) { s.calls-- }) }
}

// Wrote records that an object was created, changed or deleted.
func (a *Access) Wrote(id string) {
	a.state.update(func(s *runState) {
		s.writes++
		s.inState[id], s.wrote[id] = true, s.writes
	})
}

// Writes is the number of successful writes so far.
func (a *Access) Writes() int {
	a.state.mu.Lock()
	defer a.state.mu.Unlock()
	return a.state.writes
}

// IsInState reports whether an object is in the state of this run. If the run has not come to it yet, it waits as long as calls
// about other objects run, and a moment longer.
func (a *Access) IsInState(ctx context.Context, id string) bool {
	return a.state.await(ctx, func(s *runState) bool { return s.inState[id] })
}

// AwaitWrite reports whether an object is written after the number of writes was as given. It waits like [Access.IsInState].
func (a *Access) AwaitWrite(ctx context.Context, id string, after int) bool {
	return a.state.await(ctx, func(s *runState) bool { return s.wrote[id] > after })
}

// update changes the state and wakes those who wait.
func (s *runState) update(change func(s *runState)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inState == nil {
		s.inState, s.wrote = map[string]bool{}, map[string]int{}
	}
	change(s)
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// await waits until a condition is true. It returns false if the run is quiet before that.
func (s *runState) await(ctx context.Context, condition func(s *runState) bool) bool {
	for {
		done, busy, changed := s.look(condition)
		if done {
			return true
		}
		var quiet <-chan time.Time
		if !busy {
			quiet = time.After(quietPeriod)
		}
		select {
		case <-changed:
		case <-quiet:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

func (s *runState) look(condition func(s *runState) bool) (done, busy bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return condition(s), s.calls > 0, s.changed
}
