// Package cycle follows a full sync cycle while it runs, for the action riva_run_sync_cycle and for the subcommand run-cycle:
// it tells of each user as soon as the user is done, and at the end which faults were met. A cycle that is followed no
// longer, as after a time-out, must end before its process does: nobody else would, and it would stand in the way of the next.
//
// What a cycle does for its users is in their sync logs, one for each connection of the policy. So a user is done when
// there are as many logs as the policy has connections.
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

// PollInterval is how often it is good to look how far a cycle is, on a control plane in the same process.
const PollInterval = 250 * time.Millisecond

// endTimeout bounds the wait for a cycle that has been told to end.
const endTimeout = 10 * time.Second

// API is the part of the control plane that following a cycle needs; *[api.Client] is one.
type API interface {
	StartCycle(ctx context.Context, policyID string) (api.Cycle, error)
	Cycle(ctx context.Context, policyID, cycleID string) (api.Cycle, error)
	SyncLogs(ctx context.Context, f api.SyncLogFilter, limit int) ([]api.SyncLog, error)
}

// Watcher follows one cycle.
type Watcher struct {
	API API
	// Tick says when to look again.
	Tick <-chan time.Time
	// EndCycles ends the cycles of a policy that run in this process; nil where they run elsewhere, and go on.
	EndCycles func(ctx context.Context, policyID string) error

	// reporter is told a line for each user.
	reporter *progress.Reporter

	// connections is how many sync logs a user gets.
	connections   int
	newest        time.Time
	seen          map[string]bool
	users         map[string][]api.SyncLog
	reportedUsers int
	faults        []ConnectionFault
}

// ConnectionFault is a fault that was met, and the name of the connection that it was met at; empty if no user was there to meet it.
type ConnectionFault struct {
	Connection string
	*api.Fault
}

// Result is what came of a cycle.
type Result struct {
	Cycle api.Cycle
	// Faults has each fault of each connection once: its help is long, and the same for every user.
	Faults []ConnectionFault
}

// Err says why the cycle was no success; nil if it was one.
func (o *Result) Err() error {
	switch {
	case o.Cycle.State != api.CycleFinished:
		return fmt.Errorf("the full sync cycle did not come to its end: %d of %s checked", o.Cycle.UsersDone,
			UserCount(o.Cycle.UsersTotal))
	case len(o.Faults) > 0:
		return fmt.Errorf("the full sync cycle met a fault: %s", o.Faults[0].Title)
	case o.Cycle.UsersFaulty > 0:
		return fmt.Errorf("the full sync cycle met a fault for %s", UserCount(o.Cycle.UsersFaulty))
	}
	return nil
}

// UserCount counts users in words.
func UserCount(n int) string {
	if n == 1 {
		return "1 user"
	}
	return fmt.Sprintf("%d users", n)
}

// Start starts a cycle of the policy.
func (f *Watcher) Start(ctx context.Context, policy *api.Policy) (api.Cycle, error) {
	begun, err := f.API.StartCycle(ctx, policy.ID)
	if err != nil && ctx.Err() != nil { // it may have begun without an answer
		err = f.endCycle(ctx, policy, err)
	}
	return begun, err
}

// Watch follows a cycle that was just started to its end, and tells of it. Faults are no errors of following it. If there
// is an error, the cycle was ended where it runs in this process.
func (f *Watcher) Watch(
	ctx context.Context, policy *api.Policy, begun api.Cycle, reporter *progress.Reporter,
) (*Result, error) {
	f.reporter = reporter
	outcome, err := f.poll(ctx, policy, begun)
	if err != nil {
		return nil, f.endCycle(ctx, policy, err)
	}
	return outcome, nil
}

// endCycle ends the cycle of a policy that nobody follows any more, and adds to the error why what becomes of it.
func (f *Watcher) endCycle(ctx context.Context, policy *api.Policy, why error) error {
	if f.EndCycles == nil {
		return fmt.Errorf("%w; a cycle that has begun runs on", why)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	if err := f.EndCycles(ctx, policy.ID); err != nil {
		return fmt.Errorf("%w; the cycle did not end at once either: %s", why, err.Error()) // why decides what error it is
	}
	return fmt.Errorf("%w; the cycle was interrupted", why)
}

func (f *Watcher) poll(ctx context.Context, policy *api.Policy, cycle api.Cycle) (*Result, error) {
	f.awaitNextUser(cycle.UsersTotal)
	f.seen, f.users = map[string]bool{}, map[string][]api.SyncLog{}
	for _, id := range []*string{policy.CRMConnectionID, policy.EmailConnectionID} {
		if id != nil {
			f.connections++
		}
	}
	f.newest = cycle.StartedAt
	for {
		if err := f.reportProgress(ctx, &cycle); err != nil {
			return nil, fmt.Errorf("read the sync logs: %w", err)
		}
		if cycle.State != api.CycleRunning {
			break
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-f.Tick:
		}
		// The cycle before its logs: when it has ended, all that it wrote is there.
		var err error
		if cycle, err = f.API.Cycle(ctx, policy.ID, cycle.ID); err != nil {
			return nil, fmt.Errorf("ask how far it is: %w", err)
		}
	}
	if cycle.Fault != nil && len(f.faults) == 0 { // no user to touch
		f.faults = []ConnectionFault{{Fault: cycle.Fault}}
	}
	return &Result{Cycle: cycle, Faults: f.faults}, nil
}

// reportProgress tells of each user whose sync logs are complete, or of everybody left if the cycle has ended.
func (f *Watcher) reportProgress(ctx context.Context, cycle *api.Cycle) error {
	// A cycle writes its logs in the order of their times: what is new begins at the newest one seen.
	logs, err := f.API.SyncLogs(ctx, api.SyncLogFilter{CycleID: cycle.ID, Since: f.newest}, 0)
	if err != nil {
		return err
	}
	touched := make([]string, 0, len(logs))
	for _, log := range slices.Backward(logs) { // newest first is what they come in
		if f.seen[log.ID] {
			continue
		}
		f.seen[log.ID] = true
		if log.At.After(f.newest) {
			f.newest = log.At
		}
		f.users[log.UserID] = append(f.users[log.UserID], log)
		touched = append(touched, log.UserID)
	}
	ended := cycle.State != api.CycleRunning
	for _, id := range slices.Compact(touched) {
		if ended || len(f.users[id]) >= f.connections {
			f.reportUser(id, cycle.UsersTotal)
		}
	}
	if ended {
		for _, id := range slices.Sorted(maps.Keys(f.users)) {
			f.reportUser(id, cycle.UsersTotal)
		}
	}
	return nil
}

// reportUser tells of one user, once.
func (f *Watcher) reportUser(id string, total int) {
	logs := f.users[id]
	delete(f.users, id)
	if len(logs) == 0 {
		return
	}
	verdict := "passed"
	said := make([]string, 0, len(logs))
	for _, log := range logs {
		if log.Fault == nil {
			said = append(said, log.ConnectionName+": "+log.Message)
			continue
		}
		verdict = "FAULT "
		met := ConnectionFault{log.ConnectionName, log.Fault}
		said = append(said, log.ConnectionName+": "+met.Summary())
		same := func(other ConnectionFault) bool { return other.Connection == met.Connection && other.Code == met.Code }
		if !slices.ContainsFunc(f.faults, same) {
			f.faults = append(f.faults, met)
		}
	}
	f.reportedUsers++
	f.reporter.Report("[%d/%d] %s  %s  %s", f.reportedUsers, total, verdict, logs[0].UserEmail, strings.Join(said, " | "))
	f.awaitNextUser(total)
}

func (f *Watcher) awaitNextUser(total int) {
	f.reporter.StartWaiting("the next user, with %d of %s checked", f.reportedUsers, UserCount(total))
}

// Summary is the fault on one line: its title word for word, and the target system's own words.
func (f ConnectionFault) Summary() string {
	line := f.Title
	if f.Message != "" {
		line += ": " + f.Message
	}
	if f.Remembered {
		line += " (remembered: the same credentials were refused before)"
	}
	return line
}
