package engine_test

import (
	"errors"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestUnreadableCredentialsCanBeReplaced(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		calls := w.mail.calls()
		w.store.set(&w.store.sealed, true)
		if _, err := w.TestConnection(w.ctx, p.EmailConnectionID, model.TestRequest{}); !errors.Is(err, model.ErrSealed) {
			t.Errorf("a test: %v", err)
		}
		if _, err := w.RequestCycle(w.ctx, p.ID); !errors.Is(err, model.ErrSealed) {
			t.Errorf("a cycle: %v", err)
		}
		if c := w.read(p.EmailConnectionID); len(c.Uses) != 0 || c.Status() != model.StatusWorking || w.mail.calls() != calls {
			t.Errorf("something was called or recorded: %+v", c)
		}
		if err := w.submit(p.EmailConnectionID, "right"); err != nil {
			t.Errorf("submitting the credentials again: %v", err)
		}
		w.store.set(&w.store.sealed, false)
		if result := w.test(p.EmailConnectionID); !result.Passed {
			t.Errorf("after that: %+v", result.Fault)
		}
	})
}

// After the keyset was lost, credentials are submitted. The target system rotates the secret and then rejects the sign-in.
func TestUnreadableCredentialsDoNotLoseRotatedSecret(t *testing.T) {
	t.Parallel()
	eachCloudFixture(t, func(t *testing.T, w *cloudFixture) {
		w.store.set(&w.store.sealed, true)
		w.cloud.set(func(f *cloud) {
			f.rotate, f.validTokens, f.identity = true, []string{"second"}, "admin@example.com"
		})
		change := model.ConnectionChange{Credentials: token("second"), Verify: true}
		_, err := w.UpdateConnection(w.ctx, w.id, change)
		wantFault(t, err, target.WrongIdentity)
		w.cloud.set(func(f *cloud) { f.identity = "" })
		if _, err := w.secondEngine().UpdateConnection(w.ctx, w.id, change); err != nil {
			t.Errorf("another process, with the same credentials: %v", err)
		}
	})
}

func TestCycleInterruptedWhenStoreFails(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.user("a@example.com", true)
		w.store.set(&w.store.full, true)
		if ended := w.cycle(p.ID); ended.State != model.CycleInterrupted || ended.FinishedAt == nil {
			t.Errorf("ended: %+v", ended)
		}
		w.store.set(&w.store.full, false)
		if ended := w.cycle(p.ID); ended.State != model.CycleFinished || ended.UsersDone != 1 {
			t.Errorf("the next cycle: %+v", ended)
		}
	})
}
