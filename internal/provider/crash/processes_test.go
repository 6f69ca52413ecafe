//go:build linux

package crash_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// running is a Terraform command that was started.
type running struct {
	*acctest.Running
	// ended is closed when the command has ended.
	ended chan struct{}
}

// start starts a command. What killed providers leave in the directory for temporary files is removed with the test.
func start(c *acctest.Command, args ...string) *running {
	const longest = 100 // of the name of a socket, which is limited by the operating system
	if dir := filepath.Dir(c.Dir); len(dir)+len("/plugin0123456789") < longest {
		before := c.Env
		c.Env = append(slices.Clone(before), "TMPDIR="+dir)
		defer func() { c.Env = before }()
	}
	r := &running{Running: c.Start(args...), ended: make(chan struct{})}
	go func() {
		defer close(r.ended)
		_, _ = r.End()
	}()
	return r
}

// pid is the id of Terraform's process.
func (r *running) pid() int { return r.Process.Pid }

// maxOrphan is how long a provider may live after the process that started it.
const maxOrphan = 20 * time.Second

// pids lists the processes of the machine that match. A process that ends in the meantime matches or not.
func pids(match func(pid int) bool) []int {
	names, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return nil
	}
	var found []int
	for _, name := range names {
		if pid, err := strconv.Atoi(filepath.Base(name)); err == nil && match(pid) {
			found = append(found, pid)
		}
	}
	return found
}

// childrenOf lists the processes that a process started, such as the providers of Terraform.
func childrenOf(parent int) []int {
	return pids(func(pid int) bool {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			return false
		}
		// The name of the program is in parentheses and may contain anything. State and parent follow.
		var state string
		var found int
		_, err = fmt.Fscan(bytes.NewReader(stat[bytes.LastIndexByte(stat, ')')+1:]), &state, &found)
		return err == nil && found == parent && state != "Z"
	})
}

// processesIn lists the processes whose working directory is a directory: Terraform and what it started. Processes that have
// ended have none.
func processesIn(dir string) []int {
	return pids(func(pid int) bool {
		at, err := os.Readlink(fmt.Sprintf("/proc/%d/cwd", pid))
		return err == nil && at == dir
	})
}

// sigkill kills processes; those that have ended do not matter.
func sigkill(t *testing.T, all ...int) {
	t.Helper()
	for _, pid := range all {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil && !errors.Is(err, syscall.ESRCH) {
			t.Errorf("kill process %d: %v", pid, err)
		}
	}
}

// awaitProvider returns the providers that a command runs now, or the next ones. There are none if the command ends first.
func awaitProvider(r *running) []int {
	ticker := time.NewTicker(time.Millisecond)
	defer ticker.Stop()
	for {
		if found := childrenOf(r.pid()); len(found) > 0 {
			return found
		}
		select {
		case <-r.ended:
			return nil
		case <-ticker.C:
		}
	}
}

// awaitNone waits until no process in a directory is left, and returns how many there were at first and how long it took. Those
// that do not end are an error, and are killed.
func awaitNone(t *testing.T, dir string) (orphans int, took time.Duration) {
	t.Helper()
	began := time.Now()
	left := processesIn(dir)
	orphans = len(left)
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for ; len(left) > 0; left = processesIn(dir) {
		if took = time.Since(began); took > maxOrphan {
			t.Errorf("%d processes still run %s after Terraform ended", len(left), took)
			sigkill(t, left...)
			return orphans, took
		}
		<-ticker.C
	}
	return orphans, time.Since(began)
}
