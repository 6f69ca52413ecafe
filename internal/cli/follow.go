package cli

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
)

// cycleAPI is the part of the control plane that running a cycle needs; *[api.Client] is one.
type cycleAPI interface {
	cycle.API
	Connection(ctx context.Context, id string) (api.Connection, error)
	Policy(ctx context.Context, id string) (api.Policy, error)
	PolicyByName(ctx context.Context, name string) (api.Policy, error)
	EachPolicy(ctx context.Context, f api.PolicyFilter, limit int) iter.Seq2[api.Policy, error]
}

// cycleRun runs one full sync cycle and prints what it sees.
type cycleRun struct {
	api cycleAPI
	out io.Writer
	// tick says when to look again.
	tick <-chan time.Time
	// endCycles ends the cycles of a policy, should this one not be seen to its end.
	endCycles func(ctx context.Context, policyID string) error
}

// run runs a cycle of the policy, by id or name, to its end. The error says why the command failed, also if that is
// nothing but a fault.
func (f *cycleRun) run(ctx context.Context, wanted string) error {
	policy, err := f.findPolicy(ctx, wanted)
	if api.IsNotFound(err) {
		return f.unknownPolicy(ctx, wanted)
	}
	if err != nil {
		return describeError("find the sync policy "+wanted, err)
	}
	follower := cycle.Watcher{API: f.api, Tick: f.tick, EndCycles: f.endCycles}
	begun, err := follower.Start(ctx, &policy)
	if err != nil {
		return describeError(fmt.Sprintf("start a full sync cycle of the sync policy %q", policy.Name), err)
	}
	f.printStart(&policy, &begun)
	if err := f.printWarnings(ctx, &policy); err != nil {
		return describeError("read the connections of the policy", err)
	}
	reporter, end := progress.Start(ctx, func(line string) { fmt.Fprintln(f.out, line) }, "the control plane")
	outcome, err := follower.Watch(ctx, &policy, begun, reporter)
	end()
	if err != nil {
		return describeError("see the full sync cycle to its end", err)
	}
	f.printSummary(outcome)
	return outcome.Err()
}

// findPolicy takes what looks like an id for one first, since a policy may be named like one.
func (f *cycleRun) findPolicy(ctx context.Context, wanted string) (api.Policy, error) {
	if uuid.Validate(wanted) == nil {
		policy, err := f.api.Policy(ctx, wanted)
		if err == nil || !api.IsNotFound(err) {
			return policy, err
		}
	}
	return f.api.PolicyByName(ctx, wanted)
}

// unknownPolicy says that there is no such policy, and which there are instead.
func (f *cycleRun) unknownPolicy(ctx context.Context, wanted string) error {
	var known []string
	for policy, err := range f.api.EachPolicy(ctx, api.PolicyFilter{}, maxSuggested+1) {
		if err != nil {
			return describeError("list the sync policies", err)
		}
		known = append(known, policy.Name)
	}
	return &unknownPolicyError{wanted: wanted, known: known}
}

func (f *cycleRun) printStart(policy *api.Policy, begun *api.Cycle) {
	fmt.Fprintf(f.out, "Full sync cycle of the sync policy %q: %s.\n", policy.Name, plural(begun.UsersTotal, "enabled user"))
	fmt.Fprint(f.out, "It signs in with the policy's connections and checks every enabled user; "+
		"it moves no calendars, contacts or mail.\n\n")
}

// printWarnings prints what will keep the policy's connections from working before long.
func (f *cycleRun) printWarnings(ctx context.Context, policy *api.Policy) error {
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

// printSummary prints the summary, with help for each fault.
func (f *cycleRun) printSummary(outcome *cycle.Result) {
	for _, met := range outcome.Faults {
		fmt.Fprint(f.out, helpText(met))
	}
	headline := "Finished"
	if outcome.Cycle.State != api.CycleFinished {
		headline = "Interrupted"
	}
	fmt.Fprintf(f.out, "\n%s after %s: %s, %d with a fault.\n", headline, cycleDuration(&outcome.Cycle),
		cycle.UserCount(outcome.Cycle.UsersTotal), outcome.Cycle.UsersFaulty)
}
