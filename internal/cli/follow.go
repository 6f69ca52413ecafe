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

// cycleFollower runs one full sync cycle and prints what it sees.
type cycleFollower struct {
	api cycleAPI
	out io.Writer
	// tick says when to look again.
	tick <-chan time.Time
	// endCycles ends the cycles of a policy, should this one not be seen to its end.
	endCycles func(ctx context.Context, policyID string) error
}

// run runs a cycle of the policy, by id or name, to its end. The error says why the command failed, also if that is
// nothing but a fault.
func (f *cycleFollower) run(ctx context.Context, wanted string) error {
	policy, err := f.find(ctx, wanted)
	if api.IsNotFound(err) {
		return f.unknown(ctx, wanted)
	}
	if err != nil {
		return explained("find the sync policy "+wanted, err)
	}
	follower := cycle.Follower{API: f.api, Tick: f.tick, End: f.endCycles}
	begun, err := follower.Start(ctx, &policy)
	if err != nil {
		return explained(fmt.Sprintf("start a full sync cycle of the sync policy %q", policy.Name), err)
	}
	f.begin(&policy, &begun)
	if err := f.warn(ctx, &policy); err != nil {
		return explained("read the connections of the policy", err)
	}
	reporter, end := progress.Start(ctx, func(line string) { fmt.Fprintln(f.out, line) }, "the control plane")
	outcome, err := follower.Follow(ctx, &policy, begun, reporter)
	end()
	if err != nil {
		return explained("see the full sync cycle to its end", err)
	}
	f.end(outcome)
	return outcome.Err()
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

// unknown says that there is no such policy, and which there are instead.
func (f *cycleFollower) unknown(ctx context.Context, wanted string) error {
	var known []string
	for policy, err := range f.api.EachPolicy(ctx, api.PolicyFilter{}, maxSuggested+1) {
		if err != nil {
			return explained("list the sync policies", err)
		}
		known = append(known, policy.Name)
	}
	return &unknownPolicyError{wanted: wanted, known: known}
}

func (f *cycleFollower) begin(policy *api.Policy, begun *api.Cycle) {
	fmt.Fprintf(f.out, "Full sync cycle of the sync policy %q: %s.\n", policy.Name, plural(begun.UsersTotal, "enabled user"))
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

// end prints the summary, with help for each fault.
func (f *cycleFollower) end(outcome *cycle.Outcome) {
	for _, met := range outcome.Faults {
		fmt.Fprint(f.out, helpText(met))
	}
	headline := "Finished"
	if outcome.Cycle.State != api.CycleFinished {
		headline = "Interrupted"
	}
	fmt.Fprintf(f.out, "\n%s after %s: %s, %d with a fault.\n", headline, lasted(&outcome.Cycle),
		cycle.Users(outcome.Cycle.UsersTotal), outcome.Cycle.UsersFaulty)
}
