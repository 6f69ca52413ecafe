package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// behindPooler opens a database through a relay that refuses start-up parameters, as PgBouncer does.
func behindPooler(t *testing.T, settings string) *store.Store {
	t.Helper()
	address, keyset := postgrestest.New(t), newKeyset(t)
	openPostgres(t, address, keyset)
	s, err := openWith(t, newWire(t, address, "search_path").address+settings, keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPostgresBehindPooler(t *testing.T) {
	t.Parallel()
	s, ctx := behindPooler(t, ""), t.Context()
	c, p, u := fullConnection(t, "mail"), plainPolicy(t, "Nightly"), plainUser(t, "a@example.com")
	p.EmailConnectionID, u.SyncPolicyID = c.ID, p.ID
	cycle, result := fullCycle(t, p), testResult(t, c.ID)
	insertConnections(t, s, c)
	insertPolicies(t, s, p)
	insertCycles(t, s, cycle)
	change(t, s, func(tx model.Tx) error {
		_, free, err := tx.AcquireLease(ctx, model.Lease{Key: "one", Holder: "a", ExpiresAt: after(time.Hour)}, startTime, nil)
		if !free {
			t.Error("the lease is held")
		}
		return errors.Join(err, tx.InsertUser(ctx, u), tx.InsertTest(ctx, result, 3),
			tx.PutCredentials(ctx, model.Binding{ConnectionID: c.ID}, target.Credentials{"password": "p"}),
			tx.InsertUnequalComparison(ctx, c.ID, []byte("candidate"), startTime, startTime),
			tx.InsertRejectedSignIn(ctx, model.RejectedSignIn{Digest: []byte("d"), At: startTime, Fault: *fullFault()}),
			tx.InsertIdempotencyRecord(ctx, model.IdempotencyRecord{Caller: "a", Key: "k", Digest: []byte("d"), At: startTime}, startTime),
			tx.InsertAudit(ctx, model.AuditEvent{ID: newID(t), At: startTime}))
	})
	detail := detailOf(t, s, c.ID)
	equal(t, "connection", detail.Connection, c)
	equal(t, "last test", detail.LastTest, &result)
	p.LastCycle = &cycle
	equal(t, "policy", view(t, s, func(tx model.Tx) (model.Policy, error) { return tx.Policy(ctx, p.ID) }), p)
	equal(t, "audit events", len(listAudit(t, s, model.AuditFilter{}, model.Page{Limit: 10})), 1)
	if err := s.Read(ctx, func(tx model.Tx) error { _, err := tx.User(ctx, u.ID); return err }); err != nil {
		t.Error(err)
	}
	err := s.Update(ctx, func(tx model.Tx) error { return tx.InsertUser(ctx, plainUser(t, "A@example.com")) }, model.AppendKey)
	if !errors.Is(err, model.ErrNameTaken) {
		t.Errorf("a second user with the address: %v", err)
	}
}

func TestPostgresBehindPoolerLimitsWaiting(t *testing.T) {
	t.Parallel()
	s := behindPooler(t, "&lock_timeout=20&statement_timeout=10000")
	change(t, s, func(model.Tx) error {
		// The connection for leases, since the other one is in use.
		err := s.Update(t.Context(), func(model.Tx) error { return nil }, model.LeaseKey("one"))
		wantUnavailable(t, err, "is busy with other writes")
		return nil
	})
}

func TestPostgresIsNotMigratedBehindPooler(t *testing.T) {
	t.Parallel()
	_, err := openWith(t, newWire(t, postgrestest.New(t), "search_path").address, newKeyset(t), true)
	if !errors.Is(err, store.ErrOlder) || !strings.Contains(err.Error(), "the address of the server itself") {
		t.Errorf("error %v", err)
	}
}
