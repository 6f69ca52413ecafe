package store_test

import (
	"errors"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestMissingObjects(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx, id := t.Context(), newID(t)
		for name, f := range map[string]func(model.Tx) error{
			"Connection":       func(tx model.Tx) error { _, err := tx.Connection(ctx, id); return err },
			"ConnectionDetail": func(tx model.Tx) error { _, err := tx.ConnectionDetail(ctx, id); return err },
			"ConnectionByName": func(tx model.Tx) error { _, err := tx.ConnectionByName(ctx, "x"); return err },
			"UpdateConnection": func(tx model.Tx) error { return tx.UpdateConnection(ctx, plainConnection(t, "x")) },
			"DeleteConnection": func(tx model.Tx) error { return tx.DeleteConnection(ctx, id) },
			"Credentials":      func(tx model.Tx) error { _, err := tx.Credentials(ctx, model.Binding{ConnectionID: id}); return err },
			"PutCredentials":   func(tx model.Tx) error { return tx.PutCredentials(ctx, model.Binding{ConnectionID: id}, nil) },
			"MarkUsed":         func(tx model.Tx) error { return tx.MarkUsed(ctx, id, model.Use{PolicyID: id}) },
			"InsertTest": func(tx model.Tx) error {
				return tx.InsertTest(ctx, model.TestResult{ID: id, ConnectionID: id}, 1)
			},
			"Metadata":     func(tx model.Tx) error { _, err := tx.Metadata(ctx, id); return err },
			"PutMetadata":  func(tx model.Tx) error { return tx.PutMetadata(ctx, id, target.Snapshot{}) },
			"Revalidation": func(tx model.Tx) error { _, err := tx.Revalidation(ctx, id, id); return err },
			"InsertRevalidation": func(tx model.Tx) error {
				return tx.InsertRevalidation(ctx, model.Revalidation{ID: id, ConnectionID: id}, 1)
			},
			"InsertUnequalComparison": func(tx model.Tx) error {
				return tx.InsertUnequalComparison(ctx, id, []byte("x"), startTime, startTime)
			},
			"Policy": func(tx model.Tx) error { _, err := tx.Policy(ctx, id); return err },
			"InsertPolicy": func(tx model.Tx) error {
				return tx.InsertPolicy(ctx, model.Policy{ID: id, EmailConnectionID: id})
			},
			"UpdatePolicy":      func(tx model.Tx) error { return tx.UpdatePolicy(ctx, plainPolicy(t, "x")) },
			"DeletePolicy":      func(tx model.Tx) error { return tx.DeletePolicy(ctx, id) },
			"Cycle":             func(tx model.Tx) error { _, err := tx.Cycle(ctx, id, id); return err },
			"RunningCycle":      func(tx model.Tx) error { _, err := tx.RunningCycle(ctx, id); return err },
			"CycleByID":         func(tx model.Tx) error { _, err := tx.CycleByID(ctx, id); return err },
			"InsertSyncLogs":    func(tx model.Tx) error { return tx.InsertSyncLogs(ctx, []model.SyncLog{{ID: id}}) },
			"User":              func(tx model.Tx) error { _, err := tx.User(ctx, id); return err },
			"UpdateUser":        func(tx model.Tx) error { return tx.UpdateUser(ctx, plainUser(t, "x@example.com")) },
			"DeleteUser":        func(tx model.Tx) error { return tx.DeleteUser(ctx, id) },
			"IdempotencyRecord": func(tx model.Tx) error { _, err := tx.IdempotencyRecord(ctx, "local", "x"); return err },
		} {
			if err := s.Update(ctx, f); !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
