package store_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

const leaseTime = 30 * time.Second

// acquire tries to get the lease "k" at a time after startTime.
func acquire(t *testing.T, s *store.Store, holder string, at time.Duration, seen *model.Lease) (model.Lease, bool) {
	t.Helper()
	type acquired struct {
		lease model.Lease
		ok    bool
	}
	got := write(t, s, func(tx model.Tx) (a acquired, err error) {
		want := model.Lease{Key: "k", Holder: holder, ExpiresAt: after(at + leaseTime)}
		a.lease, a.ok, err = tx.AcquireLease(t.Context(), want, after(at), seen)
		return a, err
	})
	return got.lease, got.ok
}

func TestLeaseHasOneHolderUntilItEnds(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		first, ok := acquire(t, s, "a", 0, nil)
		if !ok || first.Epoch != 1 || first.Holder != "a" {
			t.Fatalf("a free lease: %+v, %t", first, ok)
		}
		if held, ok := acquire(t, s, "b", leaseTime-time.Second, nil); ok || held != first {
			t.Errorf("a held lease: %+v, %t", held, ok)
		}
		second, ok := acquire(t, s, "b", leaseTime, nil)
		if !ok || second.Epoch != 2 || second.Holder != "b" {
			t.Errorf("an expired lease: %+v, %t", second, ok)
		}
		for _, stale := range []model.Lease{first, {Key: "k", Holder: "b", Epoch: 1}, {Key: "k", Holder: "a", Epoch: 2}} {
			renewed := write(t, s, func(tx model.Tx) (bool, error) { return tx.RenewLease(t.Context(), stale) })
			write(t, s, func(tx model.Tx) (bool, error) { return false, tx.ReleaseLease(t.Context(), stale) })
			if held, ok := acquire(t, s, "c", leaseTime, nil); renewed || ok || held != second {
				t.Errorf("%+v: renewed %t, then got %+v, %t", stale, renewed, held, ok)
			}
		}
	})
}

func TestLeaseIsRenewedAndReleased(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		held, _ := acquire(t, s, "a", 0, nil)
		held.ExpiresAt = after(2 * leaseTime)
		if !write(t, s, func(tx model.Tx) (bool, error) { return tx.RenewLease(t.Context(), held) }) {
			t.Error("the holder's own lease was not renewed")
		}
		if got, ok := acquire(t, s, "b", leaseTime+time.Second, nil); ok || got != held {
			t.Errorf("a renewed lease: %+v, %t", got, ok)
		}
		write(t, s, func(tx model.Tx) (bool, error) { return false, tx.ReleaseLease(t.Context(), held) })
		if _, ok := acquire(t, s, "b", leaseTime+time.Second, nil); !ok {
			t.Error("a released lease is not free")
		}
	})
}

// A clock that was wrong for a moment leaves leases that end in the future, or a clock that does not reach their end.
func TestLeaseSurvivesNoClockThatWasWrong(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	eachStore(t, func(t *testing.T, s *store.Store) {
		acquire(t, s, "ahead", year, nil)
		held, ok := acquire(t, s, "a", 0, nil)
		if !ok {
			t.Fatalf("a lease that ends in the future is held: %+v", held)
		}
		other := held
		other.ExpiresAt = other.ExpiresAt.Add(time.Second) // it was renewed since
		if got, ok := acquire(t, s, "b", 0, &other); ok {
			t.Errorf("a lease other than the one that was seen: %+v", got)
		}
		if got, ok := acquire(t, s, "b", 0, &held); !ok || got.Epoch != held.Epoch+1 {
			t.Errorf("the lease that was seen: %+v, %t", got, ok)
		}
	})
}

func TestLeaseGoesToOneOfManyProcesses(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		var (
			wg  sync.WaitGroup
			mu  sync.Mutex
			got []string
		)
		for i := range 4 {
			s := open(t)
			for j := range 4 {
				wg.Go(func() {
					holder := fmt.Sprintf("%d/%d", i, j)
					if _, ok := acquire(t, s, holder, 0, nil); ok {
						mu.Lock()
						defer mu.Unlock()
						got = append(got, holder)
					}
				})
			}
		}
		wg.Wait()
		if len(got) != 1 {
			t.Errorf("%d holders: %q", len(got), got)
		}
	})
}

// write is change with a result.
func write[T any](t *testing.T, s *store.Store, f func(model.Tx) (T, error)) (result T) {
	t.Helper()
	change(t, s, func(tx model.Tx) (err error) {
		result, err = f(tx)
		return err
	})
	return result
}

// The clocks of two processes may differ a little: a lease that was renewed a moment ago is not one of a wrong clock.
func TestLeaseToleratesClockSkew(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		held, _ := acquire(t, s, "a", 5*time.Second, nil)
		if got, ok := acquire(t, s, "b", 0, nil); ok || got != held {
			t.Errorf("a clock that is 5 s behind took over: %+v", got)
		}
	})
}

// The clocks of two machines may differ by any amount: leases are compared with the clock of the server.
func TestClockOfLeasesIsShared(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, open opener) {
		one, other := open(t), open(t)
		now := func(s *store.Store, own time.Time) time.Time {
			return view(t, s, func(tx model.Tx) (time.Time, error) { return tx.Now(t.Context(), own) })
		}
		first, second := now(one, startTime), now(other, after(-24*time.Hour))
		if strings.HasSuffix(t.Name(), "SQLite") { // one machine
			equal(t, "times", []time.Time{first, second}, []time.Time{startTime, after(-24 * time.Hour)})
			return
		}
		if second.Before(first) || second.Sub(first) > time.Hour || first.Location() != time.UTC {
			t.Errorf("the clock shows %s, then %s", first, second)
		}
	})
}
