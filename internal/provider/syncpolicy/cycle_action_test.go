package syncpolicy_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

type values = acctest.Values

const cycleAction = "riva_run_sync_cycle"

// A cycle whose action was canceled must not block the next one: the process of the provider ends soon.
func TestCancelEndsEmbeddedCycle(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		timeout string
		cancels bool
		want    []string
	}{
		"timeout":      {"3s", false, []string{"Timeout", "the cycle was interrupted"}},
		"cancellation": {"30m", true, []string{"Canceled"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				env := acctest.Empty(t)
				env.Systems = []*target.System{acctest.SlowSystem()}
				p := env.Protocol()
				_, policy := p.CreateSlow()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				_, diagnostics := p.Invoke(ctx, cycleAction, values{"policy_id": policy, "timeouts": values{"invoke": c.timeout}},
					func(string) {
						if c.cancels {
							cancel()
						}
					})
				acctest.ExpectError(t, diagnostics, c.want...)
				found, err := env.Client().Policy(t.Context(), policy)
				if err != nil || found.LastCycle == nil || found.LastCycle.State != api.CycleInterrupted {
					t.Errorf("the policy is %+v (error %v), want its last cycle interrupted", found, err)
				}
				acctest.ExpectOutput(t, p.MustInvoke(cycleAction, values{"policy_id": policy}), "2 users checked, 0 with a fault.")
			})
		})
	}
}

func TestSharedCycleContinuesAfterCancel(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(nil)
	p := env.Protocol()
	policy := env.CreatePair(p).ID()
	if err := env.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, diagnostics := p.Invoke(ctx, cycleAction, values{"policy_id": policy}, func(string) { cancel() })
	acctest.ExpectError(t, diagnostics, "Canceled")
	_, diagnostics = p.Invoke(t.Context(), cycleAction, values{"policy_id": policy}, nil)
	acctest.ExpectError(t, diagnostics, "A full sync cycle is running", `cycle of the sync policy "Both" has been running since`,
		"try again when it has ended", "interrupted at")
}

func TestCycleActionReportsEachUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	policy := env.CreatePair(p).ID()
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		p.Create("riva_user", values{"email": email})
	}
	messages := p.MustInvoke(cycleAction, values{"policy_id": policy})
	acctest.ExpectOutput(t, messages, `Full sync cycle of the sync policy "Both": 2 users to check.`,
		"[1/2] passed", "Salesforce: ", "Exchange: ", "[2/2] passed", "2 users checked, 0 with a fault.")
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		if strings.Count(messages, email+"  ") != 1 {
			t.Errorf("%s is not reported once:\n%s", email, messages)
		}
	}
}

func TestCycleActionReportsConnectionFault(t *testing.T) {
	t.Parallel()
	for name, users := range map[string][]string{"without users": nil, "with users": {"ada@example.com", "grace@example.com"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			p := env.Protocol()
			policy := env.CreatePair(p).ID()
			for _, email := range users {
				p.Create("riva_user", values{"email": email})
			}
			if err := env.Exchange.Down(); err != nil {
				t.Fatal(err)
			}
			_, diagnostics := p.Invoke(t.Context(), cycleAction, values{"policy_id": policy}, nil)
			acctest.ExpectError(t, diagnostics, target.SystemNotAvailable.Title(),
				`cycle of the sync policy "Both" failed with a fault`, "What to do next:", "1. ")
			if len(diagnostics) != 1 {
				t.Errorf("%d diagnostics for one fault", len(diagnostics))
			}
		})
	}
}
