package sandbox

import (
	"slices"
	"strings"
	"sync"
)

// UntilCleared is the number of times of a fault that lasts until it is cleared.
const UntilCleared = 0

// Script holds the faults to come. It is safe for concurrent use.
type Script struct {
	check func(Fault) error // for the kinds the system adds

	mu      sync.Mutex
	entries []*entry
}

type entry struct {
	fault   Fault
	left    int // 0: until cleared
	cleared chan struct{}
}

// Scripted is a fault that is still to come, and how often: 0 means until cleared.
type Scripted struct {
	Fault
	Left int `json:"left"`
}

// Add scripts a fault for the next times calls it fits; [UntilCleared] means for all. Faults are used in the order in
// which they were added, the next one when the one before is used up.
func (s *Script) Add(fault Fault, times int) error {
	if err := fault.check(s.check); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries = append(s.entries, &entry{fault: fault, left: max(times, 0), cleared: make(chan struct{})})
	return nil
}

// Clear removes the faults of the kinds given, or all of them. Answers that [KindSlow] holds are released.
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

// Pending lists the faults still to come.
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

// isUsedUp entries stay in the script until they are cleared if they may still hold an answer.
func (e *entry) isUsedUp() bool { return e.left < 0 }

// next finds the first fault that fits, uses it once, and returns it with the channel that closes when it is cleared.
func (s *Script) next(fits func(Fault) bool) (Fault, <-chan struct{}, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, e := range s.entries {
		if e.isUsedUp() || !fits(e.fault) {
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

// matches tells whether the fault is meant for this operation and account.
func (f Fault) matches(operation, account string) bool {
	return (f.Operation == "" || strings.EqualFold(f.Operation, operation)) &&
		(f.Account == "" || strings.EqualFold(f.Account, account))
}
