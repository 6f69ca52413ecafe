package cli

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
)

// cycleAPI has the calls of the control plane that a cycleRun needs. *[api.Client] implements it.
type cycleAPI interface {
	cycle.API
	Connection(ctx context.Context, id string) (api.Connection, error)
	Policy(ctx context.Context, id string) (api.Policy, error)
	PolicyByName(ctx context.Context, name string) (api.Policy, error)
	EachPolicy(ctx context.Context, f api.PolicyFilter, limit int) iter.Seq2[api.Policy, error]
}

// cycleRun runs one full sync cycle and prints its progress.
type cycleRun struct {
	api cycleAPI
	out io.Writer
	// tick is received from before each poll.
	tick <-chan time.Time
	// endCycles ends the cycles of a policy. It is called if the cycle cannot be watched until it ends.
	endCycles func(ctx context.Context, policyID string) error
}

// run runs a cycle of the policy, by id or name, and waits for its end. The error says why the command failed. A cycle with a
// fault is an error as well.
func (r *cycleRun) run(ctx context.Context, idOrName string) error {
	policy, err := r.policies().find(ctx, idOrName)
	if err != nil {
		return err
	}
	watcher := cycle.Watcher{API: r.api, Tick: r.tick, EndCycles: r.endCycles}
	started, err := watcher.Start(ctx, &policy)
	if err != nil {
		return describeError(fmt.Sprintf("start a full sync cycle of the sync policy %q", policy.Name), err)
	}
	r.printStart(&policy, &started)
	if err := r.printWarnings(ctx, &policy); err != nil {
		return describeError("read the connections of the policy", err)
	}
	reporter, end := progress.Start(ctx, func(line string) { fmt.Fprintln(r.out, line) }, "the control plane")
	result, err := watcher.Watch(ctx, &policy, started, reporter)
	end()
	if err != nil {
		return describeError("finish the full sync cycle", err)
	}
	r.printSummary(result)
	return result.Err()
}

// policies finds sync policies.
func (r *cycleRun) policies() finder[api.Policy] {
	return finder[api.Policy]{
		object: "sync policy", resource: "riva_sync_policy", byID: r.api.Policy, byName: r.api.PolicyByName,
		each: func(ctx context.Context, limit int) iter.Seq2[api.Policy, error] {
			return r.api.EachPolicy(ctx, api.PolicyFilter{}, limit)
		},
		name: func(p *api.Policy) string { return p.Name },
	}
}

func (r *cycleRun) printStart(policy *api.Policy, started *api.Cycle) {
	fmt.Fprintf(r.out, "Full sync cycle of the sync policy %q: %s.\n", policy.Name, plural(started.UsersTotal, "enabled user"))
	fmt.Fprint(r.out, "It signs in with the policy's connections and checks the policy's enabled users; "+
		"it moves no calendars, contacts or mail.\n\n")
}

// printWarnings prints the warnings of the policy's connections, such as a certificate that expires soon.
func (r *cycleRun) printWarnings(ctx context.Context, policy *api.Policy) error {
	end := ""
	for _, id := range []*string{policy.CRMConnectionID, policy.EmailConnectionID} {
		if id == nil {
			continue
		}
		connection, err := r.api.Connection(ctx, *id)
		if err != nil && !api.IsNotFound(err) { // it may have been deleted since the policy was read
			return err
		}
		for _, warning := range connection.Warnings {
			fmt.Fprintf(r.out, "Warning: %s: %s\n", connection.Name, warning)
			end = "\n"
		}
	}
	fmt.Fprint(r.out, end)
	return nil
}

// printSummary prints the summary, with help for each fault.
func (r *cycleRun) printSummary(result *cycle.Result) {
	for _, fault := range result.Faults {
		fmt.Fprint(r.out, helpText(fault))
	}
	headline := "Finished"
	if result.Cycle.State != api.CycleFinished {
		headline = "Interrupted"
	}
	fmt.Fprintf(r.out, "\n%s after %s: %s, %d with a fault.\n", headline, cycleDuration(&result.Cycle),
		cycle.UserCount(result.Cycle.UsersTotal), result.Cycle.UsersFaulty)
}
