package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestRunEndsWithItsLastUser(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if !runEnded(dir, api.RunID()) {
		t.Error("it runs before it was shown")
	}
	first, err := showRun(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	second, err := showRun(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(first(), first()); err != nil {
		t.Error(err)
	}
	if runEnded(dir, api.RunID()) {
		t.Error("it ended although the data directory is open")
	}
	if err := second(); err != nil {
		t.Error(err)
	}
	if !runEnded(dir, api.RunID()) {
		t.Error("it runs although the data directory is closed")
	}
	wantNoRuns(t, dir)
}

func TestFilesOfKilledRunsAreRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	killed := []string{uuid.NewString(), uuid.NewString()}
	for _, id := range killed {
		if err := os.WriteFile(filepath.Join(dir, runPrefix+id), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if !runEnded(dir, killed[0]) {
		t.Error("a run whose file is not locked counts as running")
	}
	end, err := showRun(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := end(); err != nil {
		t.Error(err)
	}
	wantNoRuns(t, dir)
}

func TestRunIDIsNoPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	victim := filepath.Join(dir, runPrefix, "riva.db")
	if err := os.Mkdir(filepath.Dir(victim), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(victim, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if !runEnded(dir, "/riva.db") {
		t.Error("a file that is not of a run counts as running")
	}
	if _, err := os.Stat(victim); err != nil {
		t.Error(err)
	}
}

func wantNoRuns(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}

// Processes that start at the same time look at each other's files before these are locked.
func TestRunsAreShownAtTheSameTime(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stop := make(chan struct{})
	var sweeping sync.WaitGroup
	sweeping.Go(func() {
		for {
			select {
			case <-stop:
				return
			default:
				removeEndedRuns(dir)
			}
		}
	})
	for range 200 {
		id := uuid.NewString()
		lock, err := lockRun(t.Context(), filepath.Join(dir, runPrefix+id))
		if err != nil {
			t.Fatal(err)
		}
		if runEnded(dir, id) {
			t.Error("a run that is shown counts as ended")
		}
		if err := removeLocked(lock); err != nil {
			t.Error(err)
		}
	}
	close(stop)
	sweeping.Wait()
}
