package controlplane

import (
	"context"
	"sync"
	"time"
)

// quietPeriod is how long a wait for an object continues after this run has last read one from the state. Terraform starts the
// next resource within milliseconds.
const quietPeriod = 500 * time.Millisecond

// inState has the ids of the objects that this run has read from the state. Terraform does not pass a whole state to a
// provider, but one resource at a time, several at once and in any order. The zero value is ready to use.
type inState struct {
	mu      sync.Mutex
	ids     map[string]bool
	reading int
	// changed is closed when ids or reading change.
	changed chan struct{}
}

// FoundInState records the id of an object that is in the state, at the begin of a call about it. The caller calls done at the
// end of the call.
func (a *Access) FoundInState(id string) (done func()) {
	a.state.update(id, 1)
	return func() { a.state.update(id, -1) }
}

func (s *inState) update(id string, reading int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ids == nil {
		s.ids = map[string]bool{}
	}
	s.ids[id] = true
	s.reading += reading
	if s.changed != nil {
		close(s.changed)
		s.changed = nil
	}
}

// IsInState reports whether an object is in the state of this run. If the run has not read it yet, it waits as long as the run
// reads other objects, and a moment longer.
func (a *Access) IsInState(ctx context.Context, id string) bool {
	for {
		known, reading, changed := a.state.look(id)
		if known {
			return true
		}
		var quiet <-chan time.Time
		if !reading {
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

func (s *inState) look(id string) (known, reading bool, changed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.changed == nil {
		s.changed = make(chan struct{})
	}
	return s.ids[id], s.reading > 0, s.changed
}
