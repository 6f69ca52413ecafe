package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// leasedRuns has each run of a client hold a lease.
func leasedRuns(o *engine.Options) { o.LeaseRuns, o.Now = true, time.Now }

func TestTakenNameIsErrorWhileRunRenewsLease(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t, leasedRuns)
		defer w.EndRuns(w.ctx)
		n := model.NewUser{Email: "ada@example.com"}
		first := must(w.CreateUser(w.run("run 1", "key 1"), n))(t)
		other := w.process(leasedRuns)
		defer other.EndRuns(w.ctx)
		if _, err := other.CreateUser(w.run("run 2", "key 2"), n); !errors.Is(err, model.ErrNameTaken) {
			t.Errorf("while the first run waits for its response: %v", err)
		}
		w.EndRuns(w.ctx)
		if second := must(other.CreateUser(w.run("run 2", "key 2"), n))(t); second.ID != first.ID {
			t.Errorf("id %s, want %s", second.ID, first.ID)
		}
	})
}

func TestCreateContinuesKilledRunWhenItsLeaseExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t, func(o *engine.Options) { o.Now = time.Now })
		n := newMail("Mail")
		first := must(w.CreateConnection(w.run("run 1", "key 1"), n))(t)
		err := w.store.Update(w.ctx, func(tx model.Tx) error { // what a process that was killed leaves behind
			want := model.Lease{Key: "run/run 1", Holder: "process 7 on build-1#x", ExpiresAt: time.Now().Add(20 * time.Second)}
			_, _, err := tx.AcquireLease(w.ctx, want, time.Now(), nil)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		other := w.process(leasedRuns)
		defer other.EndRuns(w.ctx)
		began := time.Now()
		if second := must(other.CreateConnection(w.run("run 2", "key 2"), n))(t); second.ID != first.ID {
			t.Errorf("id %s, want %s", second.ID, first.ID)
		}
		if waited := time.Since(began); waited < 20*time.Second || waited > time.Minute {
			t.Errorf("it waited %s", waited)
		}
	})
}
