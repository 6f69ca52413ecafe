//go:build linux

package crash_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// figures count what happened in all worlds of a test.
type figures struct {
	mu sync.Mutex
	// kills by operation and by victim, and how many commands had ended before they were to be killed.
	operations, victims map[string]int
	kills, missed       int
	// orphans are processes that outlived Terraform, and the longest time that one did.
	orphans       int
	longestOrphan time.Duration
	// failed counts the repeated commands that failed, and lost the tokens that were lost on the way to a killed process.
	failed, lost int
	// imported counts the kills after the end of the provider and before Terraform saved its state.
	imported int
	// longestRepeat is the longest repeated command.
	longestRepeat time.Duration
}

func newFigures() *figures { return &figures{operations: map[string]int{}, victims: map[string]int{}} }

func (f *figures) change(change func(*figures)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

func (f *figures) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fmt.Sprintf("%d kills (%s; %s), %d commands had ended before; %d orphans, the longest for %s; %d repeated commands "+
		"failed, the longest took %s; %d tokens were lost on the way, %d connections were imported",
		f.kills, counts(f.operations), counts(f.victims), f.missed,
		f.orphans, f.longestOrphan.Round(time.Millisecond), f.failed, f.longestRepeat.Round(time.Millisecond),
		f.lost, f.imported)
}

func counts(by map[string]int) string {
	parts := make([]string, 0, len(by))
	for _, name := range slices.Sorted(maps.Keys(by)) {
		parts = append(parts, fmt.Sprintf("%s %d", name, by[name]))
	}
	return strings.Join(parts, ", ")
}
