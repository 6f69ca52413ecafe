package acctest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// processes is the environment variable with the directory in which processes of the provider register. Each one locks a file
// whose name is its process id, until it ends: unlike the id, the lock is free even if no process has waited for it.
const processes = "RIVA_TEST_PROCESSES"

// processWait limits the wait for something that another process does.
const processWait = 30 * time.Second

// registered is the lock of this process. The operating system releases it when the process ends.
var registered *flock.Flock

// register registers this process, unless no test asks for it.
func register() error {
	dir := os.Getenv(processes)
	if dir == "" {
		return nil
	}
	registered = flock.New(filepath.Join(dir, strconv.Itoa(os.Getpid())))
	if err := registered.Lock(); err != nil {
		return fmt.Errorf("lock %s: %w", registered.Path(), err)
	}
	return nil
}

// Providers lists the ids of the provider's processes that run now.
func (c *Command) Providers() []int {
	c.env.t.Helper()
	entries, err := os.ReadDir(c.processes)
	if err != nil {
		c.env.t.Fatalf("list the processes of the provider: %v", err)
	}
	var running []int
	for _, entry := range entries {
		id, err := strconv.Atoi(entry.Name())
		if err != nil {
			continue
		}
		lock := flock.New(filepath.Join(c.processes, entry.Name()))
		free, err := lock.TryLock()
		if err == nil && free {
			err = lock.Unlock()
		}
		if err != nil {
			c.env.t.Fatalf("look at process %d: %v", id, err)
		}
		if !free {
			running = append(running, id)
		}
	}
	return running
}

// Running is a Terraform command that was started.
type Running struct {
	*exec.Cmd

	t    testing.TB
	out  *bytes.Buffer
	wait func() error
}

// Start starts Terraform as Run does, and does not wait for its end.
func (c *Command) Start(args ...string) *Running {
	c.env.t.Helper()
	r := &Running{Cmd: command(c.env.t, c.Dir, c.environment(), args...), t: c.env.t, out: new(bytes.Buffer)}
	r.Stdout, r.Stderr = r.out, r.out
	r.WaitDelay = processWait
	if err := r.Cmd.Start(); err != nil {
		c.env.t.Fatalf("start Terraform: %v", err)
	}
	r.wait = sync.OnceValue(r.Cmd.Wait)
	c.env.t.Cleanup(func() {
		_ = r.Process.Kill() // it may have ended
		_ = r.wait()
	})
	return r
}

// End waits for the end of the command and returns its output.
func (r *Running) End() (string, error) {
	err := r.wait()
	return r.out.String(), err
}

// Eventually waits until a condition is true.
func Eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	timeout := time.NewTimer(processWait)
	defer timeout.Stop()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	for !condition() {
		select {
		case <-ticker.C:
		case <-timeout.C:
			t.Fatalf("not after %s: %s", processWait, what)
		}
	}
}
