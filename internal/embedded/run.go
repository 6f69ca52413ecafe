package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// runPrefix begins the names of files that show which processes have a data directory open. Each process locks a file with the id
// of its run in the name. The operating system releases the lock when the process ends, however it ends. So another process can
// find out whether a run that has not received a response still waits for it.
const runPrefix = ".run-"

// runs are the runs that this process shows, by the path of the file. A process can open a data directory several times.
var runs = struct {
	mu   sync.Mutex
	open map[string]*run
}{open: map[string]*run{}}

// run is the file of this process in one data directory.
type run struct {
	lock  *flock.Flock
	users int
}

// showRun shows other processes that this one has the data directory open, until end is called.
func showRun(ctx context.Context, dataDir string) (end func() error, err error) {
	if api.RunID() == "" { // what it creates is never repeated
		return func() error { return nil }, nil
	}
	path := filepath.Join(dataDir, runPrefix+api.RunID())
	runs.mu.Lock()
	defer runs.mu.Unlock()
	shown, ok := runs.open[path]
	if !ok {
		removeEndedRuns(dataDir)
		lock, err := lockRun(ctx, path)
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		shown = &run{lock: lock}
		runs.open[path] = shown
	}
	shown.users++
	return sync.OnceValue(func() error { return shown.end(path) }), nil
}

// lockRun creates and locks the file of a run.
func lockRun(ctx context.Context, path string) (*flock.Flock, error) {
	for {
		lock := flock.New(path, flock.SetPermissions(0o600))
		if _, err := lock.TryLockContext(ctx, time.Millisecond); err != nil {
			return nil, err
		}
		// Before it was locked, it looked like the file of a process that was killed, and could be removed.
		locked, err := lock.Stat()
		if err == nil {
			var found os.FileInfo
			if found, err = os.Stat(path); err == nil && os.SameFile(found, locked) {
				return lock, nil
			}
		}
		if err := errors.Join(ignoreMissing(err), lock.Close()); err != nil {
			return nil, err
		}
	}
}

func (r *run) end(path string) error {
	runs.mu.Lock()
	defer runs.mu.Unlock()
	if r.users--; r.users > 0 {
		return nil
	}
	delete(runs.open, path)
	return removeLocked(r.lock)
}

// runEnded reports whether a run no longer has the data directory open. It removes the file of a process that was killed.
func runEnded(dataDir, id string) bool {
	if uuid.Validate(id) != nil {
		return true // not the id of a process that has opened the data directory
	}
	lock := flock.New(filepath.Join(dataDir, runPrefix+id), flock.SetFlag(os.O_RDWR)) // does not create it
	free, err := lock.TryLock()
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	if free {
		_ = removeLocked(lock) // only the lock counts
	}
	return free
}

// removeLocked removes a locked file while no other process can lock it and rely on it.
func removeLocked(lock *flock.Flock) error {
	if runtime.GOOS == "windows" { // open files cannot be removed, so this one stays if another process has opened it
		err := lock.Close()
		_ = os.Remove(lock.Path())
		return err
	}
	return errors.Join(ignoreMissing(os.Remove(lock.Path())), lock.Close())
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// removeEndedRuns removes the files of processes that were killed.
func removeEndedRuns(dataDir string) {
	entries, err := os.ReadDir(dataDir)
	if err != nil {
		return // nothing depends on it
	}
	for _, entry := range entries {
		if id, ok := strings.CutPrefix(entry.Name(), runPrefix); ok && entry.Type().IsRegular() {
			runEnded(dataDir, id)
		}
	}
}
