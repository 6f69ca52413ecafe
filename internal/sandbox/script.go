package sandbox

import (
	"slices"
	"strings"
	"sync"
)

// UntilCleared is the count of a fault that lasts until it is cleared.
const UntilCleared = 0

// Script contains the scripted faults. It is safe for concurrent use.
type Script struct {
	kinds Kinds // those that the system serves itself

	mu      sync.Mutex
	entries []*entry
}

type entry struct {
	fault   Fault
	left    int // 0: until cleared
	cleared chan struct{}
}

// Scripted is a scripted fault and how often it will still happen; 0 means until cleared.
type Scripted struct {
	Fault
	Left int `json:"left"`
}

// Add scripts a fault for the next calls that match it. times is their number; [UntilCleared] means all. Faults are
// used in the order in which they were added: the next one starts when the previous one is used up.
func (s *Script) Add(fault Fault, times int) error {
	if err := fault.check(s.kinds); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = append(s.entries, &entry{fault: fault, left: max(times, 0), cleared: make(chan struct{})})
	return nil
}

// Clear removes the faults of some kinds, or all of them. Responses that [KindSlow] delays are released.
func (s *Script) Clear(kinds ...Kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = slices.DeleteFunc(s.entries, func(e *entry) bool {
		if len(kinds) > 0 && !slices.Contains(kinds, e.fault.Kind) {
			return false
		}
		close(e.cleared)
		return true
	})
}

// Pending lists the faults that have not been used up.
func (s *Script) Pending() []Scripted {
	s.mu.Lock()
	defer s.mu.Unlock()
	pending := make([]Scripted, 0, len(s.entries))
	for _, e := range s.entries {
		if !e.isUsedUp() {
			pending = append(pending, Scripted{Fault: e.fault, Left: e.left})
		}
	}
	return pending
}

// isUsedUp reports whether the fault has happened often enough. Such an entry stays in the script until it is cleared
// if it may still delay a response.
func (e *entry) isUsedUp() bool { return e.left < 0 }

// next finds the first matching fault, uses it once, and returns it with the channel that is closed when it is cleared.
func (s *Script) next(matches func(Fault) bool) (Fault, <-chan struct{}, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, e := range s.entries {
		if e.isUsedUp() || !matches(e.fault) {
			continue
		}
		if e.left == 1 {
			e.left = -1
			if e.fault.Kind != KindSlow {
				s.entries = slices.Delete(s.entries, i, i+1)
			}
		} else if e.left > 1 {
			e.left--
		}
		return e.fault, e.cleared, true
	}
	return Fault{}, nil, false
}

// matches reports whether the fault applies to this operation and account.
func (f Fault) matches(operation, account string) bool {
	return (f.Operation == "" || strings.EqualFold(f.Operation, operation)) &&
		(f.Account == "" || strings.EqualFold(f.Account, account))
}
