package cycle_test

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
)

// run is a control plane with one running cycle of a policy with two connections. It makes its sync logs when they are read.
type run struct {
	users int
	// done is how many users are checked, perRead how many more with each read of the cycle.
	done, perRead int
	// connections is how many logs each user has; zero means two.
	connections int
	// reads counts the lists of sync logs, and listed the logs in them.
	reads, listed int
}

func (r *run) StartCycle(context.Context, string) (api.Cycle, error) { return r.cycle(), nil }

func (r *run) Cycle(context.Context, string, string) (api.Cycle, error) {
	r.done = min(r.done+r.perRead, r.users)
	return r.cycle(), nil
}

func (r *run) cycle() api.Cycle {
	c := api.Cycle{ID: "c", State: api.CycleRunning, UsersTotal: r.users, UsersDone: r.done}
	if r.done == r.users {
		c.State = api.CycleFinished
	}
	return c
}

// SyncLogs lists newest first. The clock is set back with each log.
func (r *run) SyncLogs(_ context.Context, _ api.SyncLogFilter, limit int) ([]api.SyncLog, error) {
	each := cmp.Or(r.connections, 2)
	r.reads++
	var logs []api.SyncLog
	for i := r.done*each - 1; i >= 0 && len(logs) < limit; i-- {
		logs = append(logs, api.SyncLog{
			ID: fmt.Sprintf("log-%09d", i), UserID: fmt.Sprintf("user-%06d", i/each),
			UserEmail:      fmt.Sprintf("user-%06d@example.com", i/each),
			ConnectionName: fmt.Sprint("C", i%each), Message: "Works.", Passed: true, At: time.Unix(int64(1e9-i), 0),
		})
	}
	r.listed += len(logs)
	return logs, nil
}

// watch watches the cycle to its end. Each line is given to a function.
func watch(t *testing.T, r *run, line func(string)) *cycle.Result {
	t.Helper()
	always := make(chan time.Time)
	close(always)
	crm, email := "crm", "email"
	policy := &api.Policy{ID: "p", CRMConnectionID: &crm, EmailConnectionID: &email}
	watcher := cycle.Watcher{API: r, Tick: always}
	started, err := watcher.Start(t.Context(), policy)
	if err != nil {
		t.Fatal(err)
	}
	reporter, end := progress.Start(t.Context(), line, "the test")
	defer end()
	result, err := watcher.Watch(t.Context(), policy, started, reporter)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Not parallel: it measures the memory of the process.
func TestWatcherMemoryDoesNotGrowWithUsers(t *testing.T) { //nolint:paralleltest // see above
	const users = 100_000
	r := &run{users: users, perRead: 400}
	live := func() int64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	var atStart, highest int64
	reported := 0
	result := watch(t, r, func(line string) {
		want := fmt.Sprintf("[%d/%d] passed  user-%06d@example.com  C0: Works. | C1: Works.", reported+1, users, reported)
		if line != want {
			t.Fatalf("line %q, want %q", line, want)
		}
		switch reported++; {
		case reported == 1000:
			atStart = live()
		case reported%10_000 == 0:
			highest = max(highest, live())
		}
	})
	if reported != users || result.Cycle.UsersDone != users || result.Err() != nil {
		t.Errorf("%d users reported, the result is %+v", reported, result)
	}
	if growth := highest - atStart; growth > 1<<20 {
		t.Errorf("memory grew by %d KiB", growth>>10)
	}
	if r.listed > 3*users {
		t.Errorf("%d logs were read in %d lists, for %d", r.listed, r.reads, 2*users)
	}
}

func TestWatcherReportsUsersInLargeSteps(t *testing.T) {
	t.Parallel()
	var lines []string
	watch(t, &run{users: 9000, perRead: 4000}, func(line string) { lines = append(lines, line) })
	slices.Sort(lines)
	if len(slices.Compact(lines)) != 9000 {
		t.Errorf("%d different lines, want one for each user", len(lines))
	}
}

// Another process has checked more users than can be listed, before this one took the cycle over.
func TestWatcherOfTakenOverCycleSkipsOldLogs(t *testing.T) {
	t.Parallel()
	var lines []string
	r := &run{users: 50_000, done: 49_000, perRead: 500}
	watch(t, r, func(line string) { lines = append(lines, line) })
	if first, last := lines[0], lines[len(lines)-1]; !strings.HasPrefix(first, "[44001/50000] passed  user-044000@") ||
		!strings.HasPrefix(last, "[50000/50000] passed  user-049999@") || len(lines) != 6000 || r.listed > 15_000 {
		t.Errorf("%d lines from %q to %q, %d logs read", len(lines), first, last, r.listed)
	}
}

// The policy lost a connection since it was read.
func TestWatcherReportsUsersWithFewerLogs(t *testing.T) {
	t.Parallel()
	reported := 0
	r := &run{users: 3000, perRead: 100, connections: 1}
	watch(t, r, func(string) { reported++ })
	if reported != 3000 || r.listed > 20_000 {
		t.Errorf("%d users reported, %d logs read", reported, r.listed)
	}
}
