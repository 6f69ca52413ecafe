package acctest

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// cycleTimeout bounds a full sync cycle with the stand-ins.
const cycleTimeout = 30 * time.Second

// RunCycle runs a full sync cycle of a sync policy, by name, to its end.
func (env *Environment) RunCycle(policyName string) api.Cycle {
	env.t.Helper()
	ctx, cancel := context.WithTimeout(env.t.Context(), cycleTimeout)
	defer cancel()
	client := env.Client()
	policy, err := client.PolicyByName(ctx, policyName)
	if err != nil {
		env.t.Fatalf("find the sync policy %q: %v", policyName, err)
	}
	cycle, err := client.StartCycle(ctx, policy.ID)
	if err != nil {
		env.t.Fatalf("start a full sync cycle of %q: %v", policyName, err)
	}
	poll := time.NewTicker(10 * time.Millisecond)
	defer poll.Stop()
	for cycle.State == api.CycleRunning {
		select {
		case <-ctx.Done():
			env.t.Fatalf("the full sync cycle of %q does not end: %v", policyName, ctx.Err())
		case <-poll.C:
		}
		if cycle, err = client.Cycle(ctx, policy.ID, cycle.ID); err != nil {
			env.t.Fatalf("read the cycle: %v", err)
		}
	}
	return cycle
}
