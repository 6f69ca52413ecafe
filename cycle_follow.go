package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// cycleAPI is the part of the control plane that following a cycle needs; *[api.Client] is one.
type cycleAPI interface {
	Connection(ctx context.Context, id string) (api.Connection, error)
	Policy(ctx context.Context, id string) (api.Policy, error)
	PolicyByName(ctx context.Context, name string) (api.Policy, error)
	StartCycle(ctx context.Context, policyID string) (api.Cycle, error)
	Cycle(ctx context.Context, policyID, cycleID string) (api.Cycle, error)
	SyncLogs(ctx context.Context, f api.SyncLogFilter, limit int) ([]api.SyncLog, error)
}

// cycleFollower runs one full sync cycle and tells what it sees, a line for each user as soon as the user is done.
type cycleFollower struct {
	api cycleAPI
	out io.Writer
	// tick says when to look again.
	tick <-chan time.Time

	// connections is how many sync logs a user gets.
	connections int
	newest      time.Time
	seen        map[string]bool
	users       map[string][]api.SyncLog
	told        int
	faults      []connectionFault
}

// connectionFault is a fault and the connection that it was met at.
type connectionFault struct {
	connection string
	fault      *api.Fault
}

// run runs a cycle of the policy, by id or name, to its end. The error says why the command failed, also if that is
// nothing but a fault.
func (f *cycleFollower) run(ctx context.Context, wanted string) error {
	policy, err := f.find(ctx, wanted)
	if err != nil {
		return explained("find the sync policy "+wanted, err)
	}
	cycle, err := f.api.StartCycle(ctx, policy.ID)
	if err != nil {
		return explained(fmt.Sprintf("start a full sync cycle of the sync policy %q", policy.Name), err)
	}
	f.begin(&policy, &cycle)
	if err := f.warn(ctx, &policy); err != nil {
		return explained("read the connections of the policy", err)
	}
	for {
		if err := f.tell(ctx, &cycle); err != nil {
			return explained("read the sync logs of the cycle", err)
		}
		if cycle.State != api.CycleRunning {
			return f.end(&cycle)
		}
		select {
		case <-ctx.Done():
			return explained("see the full sync cycle to its end", ctx.Err())
		case <-f.tick:
		}
		// The cycle before its logs: when it has ended, all that it wrote is there.
		if cycle, err = f.api.Cycle(ctx, policy.ID, cycle.ID); err != nil {
			return explained("see how far the full sync cycle is", err)
		}
	}
}

// find takes what looks like an id for one first, since a policy may be named like one.
func (f *cycleFollower) find(ctx context.Context, wanted string) (api.Policy, error) {
	if uuid.Validate(wanted) == nil {
		policy, err := f.api.Policy(ctx, wanted)
		if err == nil || !api.IsNotFound(err) {
			return policy, err
		}
	}
	return f.api.PolicyByName(ctx, wanted)
}

func (f *cycleFollower) begin(policy *api.Policy, cycle *api.Cycle) {
	f.seen, f.users = map[string]bool{}, map[string][]api.SyncLog{}
	for _, id := range []*string{policy.CRMConnectionID, policy.EmailConnectionID} {
		if id != nil {
			f.connections++
		}
	}
	f.newest = cycle.StartedAt
	fmt.Fprintf(f.out, "Full sync cycle of the sync policy %q: %s.\n", policy.Name, plural(cycle.UsersTotal, "enabled user"))
	fmt.Fprint(f.out, "It signs in with the policy's connections and checks every enabled user; "+
		"it moves no calendars, contacts or mail.\n\n")
}

// warn prints what will keep the policy's connections from working before long.
func (f *cycleFollower) warn(ctx context.Context, policy *api.Policy) error {
	end := ""
	for _, id := range []*string{policy.CRMConnectionID, policy.EmailConnectionID} {
		if id == nil {
			continue
		}
		connection, err := f.api.Connection(ctx, *id)
		if err != nil && !api.IsNotFound(err) { // deleted meanwhile
			return err
		}
		for _, warning := range connection.Warnings {
			fmt.Fprintf(f.out, "Warning: %s: %s\n", connection.Name, warning)
			end = "\n"
		}
	}
	fmt.Fprint(f.out, end)
	return nil
}

// tell prints a line for each user whose sync logs are complete, or for everybody left if the cycle has ended.
func (f *cycleFollower) tell(ctx context.Context, cycle *api.Cycle) error {
	// A cycle writes its logs in the order of their times: what is new begins at the newest one seen.
	logs, err := f.api.SyncLogs(ctx, api.SyncLogFilter{CycleID: cycle.ID, Since: f.newest}, 0)
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
			f.tellUser(id, cycle.UsersTotal)
		}
	}
	if ended {
		for _, id := range slices.Sorted(maps.Keys(f.users)) {
			f.tellUser(id, cycle.UsersTotal)
		}
	}
	return nil
}

// tellUser prints the line of one user, once.
func (f *cycleFollower) tellUser(id string, total int) {
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
		said = append(said, log.ConnectionName+": "+faultLine(log.Fault))
		f.remember(log.ConnectionName, log.Fault)
	}
	f.told++
	fmt.Fprintf(f.out, "[%d/%d] %s  %s  %s\n", f.told, total, verdict, logs[0].UserEmail, strings.Join(said, " | "))
}

// remember keeps one of each fault for the end: its help is long, and the same for every user.
func (f *cycleFollower) remember(connection string, fault *api.Fault) {
	same := func(c connectionFault) bool { return c.connection == connection && c.fault.Code == fault.Code }
	if !slices.ContainsFunc(f.faults, same) {
		f.faults = append(f.faults, connectionFault{connection, fault})
	}
}

// end prints the summary, with help for each fault, and gives the error that makes the command fail.
func (f *cycleFollower) end(cycle *api.Cycle) error {
	if cycle.Fault != nil && len(f.faults) == 0 { // no user to touch
		f.faults = []connectionFault{{fault: cycle.Fault}}
	}
	for _, met := range f.faults {
		fmt.Fprint(f.out, helpText(met))
	}
	headline := "Finished"
	if cycle.State != api.CycleFinished {
		headline = "Interrupted"
	}
	fmt.Fprintf(f.out, "\n%s after %s: %s, %d with a fault.\n", headline, lasted(cycle),
		plural(cycle.UsersTotal, "user"), cycle.UsersFaulty)
	switch {
	case cycle.State != api.CycleFinished:
		return fmt.Errorf("the full sync cycle did not come to its end: %d of %s checked", cycle.UsersDone,
			plural(cycle.UsersTotal, "user"))
	case len(f.faults) > 0:
		return errors.New("the full sync cycle met a fault: " + f.faults[0].fault.Title)
	case cycle.UsersFaulty > 0:
		return fmt.Errorf("the full sync cycle met a fault for %s", plural(cycle.UsersFaulty, "user"))
	}
	return nil
}
