package provider_test

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// A cycle that its action has given up must not stand in the way of the next one: the process of the provider ends soon.
func TestCycleActionEndsItsCycleWithItself(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		timeout string
		cancels bool
		want    []string
	}{
		"time-out":     {"3s", false, []string{"The Time-Out Was Reached", "the cycle was interrupted"}},
		"cancellation": {"30m", true, []string{"Cancelled"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := acctest.Empty(t)
				w.Systems = []*target.System{slowSystem()}
				p := w.Protocol()
				_, policy := createSlow(t, p)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				_, diagnostics := p.Invoke(ctx, cycleAction, values{"policy_id": policy, "timeouts": values{"invoke": c.timeout}},
					func(string) {
						if c.cancels {
							cancel()
						}
					})
				expectError(t, diagnostics, c.want...)
				found, err := w.Client().Policy(t.Context(), policy)
				if err != nil || found.LastCycle == nil || found.LastCycle.State != api.CycleInterrupted {
					t.Errorf("the policy is %+v (error %v), want its last cycle interrupted", found, err)
				}
				expectSaid(t, invoke(t, p, cycleAction, values{"policy_id": policy}), "2 users checked, 0 with a fault.")
			})
		})
	}
}

func TestSharedCycleContinuesAfterCancel(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Serve(nil)
	p := w.Protocol()
	policy := createPair(t, w, p).ID()
	if err := w.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, diagnostics := p.Invoke(ctx, cycleAction, values{"policy_id": policy}, func(string) { cancel() })
	expectError(t, diagnostics, "Cancelled")
	_, diagnostics = p.Invoke(t.Context(), cycleAction, values{"policy_id": policy}, nil)
	expectError(t, diagnostics, "A full sync cycle is running", `cycle of the sync policy "Both" has been running since`,
		"try again when it has ended", "the next request continues it from")
}
