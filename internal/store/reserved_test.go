package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func TestPostgresLeasesDoNotWaitForRequests(t *testing.T) {
	t.Parallel()
	address := postgrestest.New(t)
	s := openPostgres(t, address, newKeyset(t)) // four connections
	ctx := t.Context()
	want := model.Lease{Key: "one", Holder: "a", ExpiresAt: after(time.Hour)}
	held := write(t, s, func(tx model.Tx) (model.Lease, error) {
		l, _, err := tx.AcquireLease(ctx, want, startTime, nil)
		return l, err
	})
	var busy func(requests int) error
	busy = func(requests int) error {
		if requests > 0 {
			return s.View(ctx, func(model.Tx) error { return busy(requests - 1) })
		}
		waiting, cancel := context.WithTimeout(ctx, 20*time.Millisecond)
		defer cancel()
		if err := s.Ping(waiting); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("not all connections for requests are in use: %v", err)
		}
		return s.Update(ctx, func(tx model.Tx) error {
			ok, err := tx.RenewLease(ctx, held)
			if err == nil && !ok {
				t.Error("the lease was lost")
			}
			return err
		}, model.LeaseKey(held.Key))
	}
	if err := busy(3); err != nil {
		t.Error(err)
	}
	equal(t, "connections of the store", readText(t, address, `SELECT CAST(COUNT(*) AS TEXT) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'terraform-provider-riva'`), "4")
}
