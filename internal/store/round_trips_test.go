package store_test

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func TestPostgresRoundTrips(t *testing.T) {
	t.Parallel()
	w := newWire(t, postgrestest.New(t))
	s, err := store.OpenPostgres(t.Context(), w.address, newKeyset(t), testSystems(),
		store.PostgresOptions{Connections: 2, Migrate: true}) // one for all requests
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	ctx := t.Context()
	c, p, u := fullConnection(t, "mail"), plainPolicy(t, "Nightly"), plainUser(t, "a@example.com")
	insertConnections(t, s, c)
	p.EmailConnectionID = c.ID
	insertPolicies(t, s, p)
	change(t, s, func(tx model.Tx) error { return tx.InsertUser(ctx, u) })
	change(t, s, func(tx model.Tx) error { return tx.InsertTest(ctx, testResult(t, c.ID), 3) })
	for i := range 500 {
		insertConnections(t, s, plainConnection(t, strconv.Itoa(i)))
	}
	read := func(f func(tx model.Tx) error) func() error { return func() error { return s.Read(ctx, f) } }
	users := 0
	for name, c := range map[string]struct {
		want int64
		run  func() error
	}{
		"ping":         {1, func() error { return s.Ping(ctx) }},
		"a connection": {1, read(func(tx model.Tx) error { _, err := tx.ConnectionDetail(ctx, c.ID); return err })},
		"a policy":     {1, read(func(tx model.Tx) error { _, err := tx.Policy(ctx, p.ID); return err })},
		"a user":       {1, read(func(tx model.Tx) error { _, err := tx.User(ctx, u.ID); return err })},
		"a page of 500": {1, read(func(tx model.Tx) error {
			_, err := tx.Connections(ctx, model.ConnectionFilter{}, model.Page{Limit: 500})
			return err
		})},
		"two statements of one snapshot": {4, func() error {
			return s.View(ctx, func(tx model.Tx) error {
				_, err := tx.User(ctx, u.ID)
				_, also := tx.Policy(ctx, p.ID)
				return errors.Join(err, also)
			})
		}},
		"a new user": {3, func() error { // the beginning with its locks, the row, the end
			users++
			return insertUser(ctx, s, plainUser(t, fmt.Sprintf("new-%d@example.com", users)))
		}},
		"a page of audit events": {4, func() error {
			_, err := s.AuditEvents(ctx, model.AuditFilter{}, model.Page{Limit: 10})
			return err
		}},
	} {
		equal(t, "round trips for "+name, w.count(t, c.run), c.want)
	}
}

func insertUser(ctx context.Context, s *store.Store, u model.User) error {
	return s.Update(ctx, func(tx model.Tx) error { return tx.InsertUser(ctx, u) }, model.AppendKey)
}

func TestSecondStatementOfReadIsAnError(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		p := plainPolicy(t, "Nightly")
		insertPolicies(t, s, p)
		err := s.Read(t.Context(), func(tx model.Tx) error {
			if _, err := tx.Policy(t.Context(), p.ID); err != nil {
				t.Error(err)
			}
			_, err := tx.Policy(t.Context(), p.ID)
			return err
		})
		if err == nil {
			t.Error("two statements could read different data")
		}
	})
}
