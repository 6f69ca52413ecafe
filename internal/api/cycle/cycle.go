// Package cycle watches a full sync cycle while it runs, for the action riva_run_sync_cycle and the subcommand run-cycle. It
// reports each user as soon as the user has been checked, and returns the faults at the end. If the caller stops watching, as
// after a timeout, a cycle in the same process must end before the process does. Otherwise the next cycle could not start,
// because this one would still count as running.
//
// The results of a cycle for its users are in their sync logs, one for each connection of the policy. A user has been checked
// when there are as many logs as the policy has connections.
package cycle

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
)

// PollInterval is the interval at which to read the progress of a cycle from a control plane in the same process.
const PollInterval = 250 * time.Millisecond

// endTimeout limits the wait for the end of a cycle that is being ended.
const endTimeout = 10 * time.Second

// API has the calls of the control plane that a [Watcher] needs. *[api.Client] implements it.
type API interface {
	StartCycle(ctx context.Context, policyID string) (api.Cycle, error)
	Cycle(ctx context.Context, policyID, cycleID string) (api.Cycle, error)
	SyncLogs(ctx context.Context, f api.SyncLogFilter, limit int) ([]api.SyncLog, error)
}

// Watcher watches one cycle.
type Watcher struct {
	API API
	// Tick is received from before each poll.
	Tick <-chan time.Time
	// EndCycles ends the cycles of a policy that run in this process. It is nil if cycles run in another process; they continue
	// to run.
	EndCycles func(ctx context.Context, policyID string) error

	// reporter gets one line for each user.
	reporter *progress.Reporter

	// connections is the number of sync logs for each user.
	connections   int
	newest        time.Time
	seen          map[string]bool
	logs          map[string][]api.SyncLog // by user, for users who have not been reported
	reportedUsers int
	faults        []ConnectionFault
}

// ConnectionFault is a fault and the name of its connection. The name is empty if the cycle failed without checking a user.
type ConnectionFault struct {
	Connection string
	*api.Fault
}

// Result is the result of a cycle.
type Result struct {
	Cycle api.Cycle
	// Faults has each fault of a connection once: the help is long, and the same for every user.
	Faults []ConnectionFault
}

// Err returns why the cycle failed, or nil if it succeeded.
func (r *Result) Err() error {
	switch {
	case r.Cycle.State != api.CycleFinished:
		return fmt.Errorf("the full sync cycle did not finish: %d of %s checked", r.Cycle.UsersDone, UserCount(r.Cycle.UsersTotal))
	case len(r.Faults) > 0:
		return fmt.Errorf("the full sync cycle failed with a fault: %s", r.Faults[0].Title)
	case r.Cycle.UsersFaulty > 0:
		return fmt.Errorf("the full sync cycle failed with a fault for %s", UserCount(r.Cycle.UsersFaulty))
	}
	return nil
}

// UserCount returns a number of users as text.
func UserCount(n int) string {
	if n == 1 {
		return "1 user"
	}
	return fmt.Sprintf("%d users", n)
}

// Start starts a cycle of the policy.
func (w *Watcher) Start(ctx context.Context, policy *api.Policy) (api.Cycle, error) {
	started, err := w.API.StartCycle(ctx, policy.ID)
	if err != nil && ctx.Err() != nil { // the cycle may run, although there was no response
		err = w.endCycle(ctx, policy, err)
	}
	return started, err
}

// Watch watches a cycle that was just started until it ends, and reports its progress. A fault is not an error. If there is an
// error, Watch has ended the cycle, provided that it runs in this process.
func (w *Watcher) Watch(
	ctx context.Context, policy *api.Policy, started api.Cycle, reporter *progress.Reporter,
) (*Result, error) {
	w.reporter = reporter
	result, err := w.poll(ctx, policy, started)
	if err != nil {
		return nil, w.endCycle(ctx, policy, err)
	}
	return result, nil
}

// endCycle ends the cycle of a policy that is not watched any more. It returns the cause with what happens to the cycle.
func (w *Watcher) endCycle(ctx context.Context, policy *api.Policy, cause error) error {
	if w.EndCycles == nil {
		return fmt.Errorf("%w; a cycle that was started continues to run", cause)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := w.EndCycles(ctx, policy.ID); err != nil {
		return fmt.Errorf("%w; the cycle could not be ended either: %s", cause, err.Error()) // callers handle the cause only
	}
	return fmt.Errorf("%w; the cycle was interrupted", cause)
}

func (w *Watcher) poll(ctx context.Context, policy *api.Policy, cycle api.Cycle) (*Result, error) {
	w.awaitNextUser(cycle.UsersTotal)
	w.seen, w.logs = map[string]bool{}, map[string][]api.SyncLog{}
	for _, id := range []*string{policy.CRMConnectionID, policy.EmailConnectionID} {
		if id != nil {
			w.connections++
		}
	}
	w.newest = cycle.StartedAt
	for {
		if err := w.reportProgress(ctx, &cycle); err != nil {
			return nil, fmt.Errorf("read the sync logs: %w", err)
		}
		if cycle.State != api.CycleRunning {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-w.Tick:
		}
		// Read the cycle before its logs: once it has ended, all of its logs are there.
		var err error
		if cycle, err = w.API.Cycle(ctx, policy.ID, cycle.ID); err != nil {
			return nil, fmt.Errorf("read the cycle: %w", err)
		}
	}
	if cycle.Fault != nil && len(w.faults) == 0 { // there was no user to check
		w.faults = []ConnectionFault{{Fault: cycle.Fault}}
	}
	return &Result{Cycle: cycle, Faults: w.faults}, nil
}

// reportProgress reports each user whose sync logs are complete, and all other users if the cycle has ended.
func (w *Watcher) reportProgress(ctx context.Context, cycle *api.Cycle) error {
	// A cycle writes its logs in the order of their times: new logs are not older than the newest one so far.
	logs, err := w.API.SyncLogs(ctx, api.SyncLogFilter{CycleID: cycle.ID, Since: w.newest}, 0)
	if err != nil {
		return err
	}
	changed := make([]string, 0, len(logs))
	for _, log := range slices.Backward(logs) { // they are listed newest first
		if w.seen[log.ID] {
			continue
		}
		w.seen[log.ID] = true
		if log.At.After(w.newest) {
			w.newest = log.At
		}
		w.logs[log.UserID] = append(w.logs[log.UserID], log)
		changed = append(changed, log.UserID)
	}
	ended := cycle.State != api.CycleRunning
	for _, id := range slices.Compact(changed) {
		if ended || len(w.logs[id]) >= w.connections {
			w.reportUser(id, cycle.UsersTotal)
		}
	}
	if ended {
		for _, id := range slices.Sorted(maps.Keys(w.logs)) {
			w.reportUser(id, cycle.UsersTotal)
		}
	}
	return nil
}

// reportUser reports one user, once.
func (w *Watcher) reportUser(id string, total int) {
	logs := w.logs[id]
	delete(w.logs, id)
	if len(logs) == 0 {
		return
	}
	status := "passed"
	results := make([]string, 0, len(logs))
	for _, log := range logs {
		if log.Fault == nil {
			results = append(results, log.ConnectionName+": "+log.Message)
			continue
		}
		status = "FAULT "
		fault := ConnectionFault{log.ConnectionName, log.Fault}
		results = append(results, log.ConnectionName+": "+fault.Summary())
		same := func(other ConnectionFault) bool {
			return other.Connection == fault.Connection && other.Code == fault.Code
		}
		if !slices.ContainsFunc(w.faults, same) {
			w.faults = append(w.faults, fault)
		}
	}
	w.reportedUsers++
	w.reporter.Reportf("[%d/%d] %s  %s  %s", w.reportedUsers, total, status, logs[0].UserEmail, strings.Join(results, " | "))
	w.awaitNextUser(total)
}

func (w *Watcher) awaitNextUser(total int) {
	w.reporter.StartWaitingf("the next user, with %d of %s checked", w.reportedUsers, UserCount(total))
}

// Summary returns the fault on one line: its title, word for word, and the target system's own message.
func (f ConnectionFault) Summary() string {
	line := f.Title
	if f.Message != "" {
		line += ": " + f.Message
	}
	if f.Remembered {
		line += " (remembered: the same credentials were rejected before)"
	}
	return line
}
