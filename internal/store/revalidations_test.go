package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestNewestRevalidationsAreKept(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		one, other := plainConnection(t, "one"), plainConnection(t, "other")
		insertConnections(t, s, one, other)
		all := []model.Revalidation{
			{ID: newID(t), ConnectionID: one.ID, FinishedAt: startTime},
			{ID: newID(t), ConnectionID: one.ID, FinishedAt: startTime, Fault: fullFault(), Remembered: true},
			{
				ID: newID(t), ConnectionID: one.ID, FinishedAt: after(time.Hour),
				MetadataRefreshedAt: new(after(time.Minute)), MetadataChanged: true,
			},
		}
		kept := model.Revalidation{ID: newID(t), ConnectionID: other.ID, FinishedAt: startTime}
		for _, r := range append([]model.Revalidation{kept}, all...) {
			change(t, s, func(tx model.Tx) error { return tx.InsertRevalidation(ctx, r, 2) })
		}
		for _, want := range []model.Revalidation{kept, all[1], all[2]} {
			got := view(t, s, func(tx model.Tx) (model.Revalidation, error) {
				return tx.Revalidation(ctx, want.ConnectionID, want.ID)
			})
			equal(t, "revalidation", got, want)
		}
		for what, asked := range map[string][2]string{
			"the oldest": {one.ID, all[0].ID}, "under another connection": {other.ID, all[1].ID},
		} {
			err := s.View(ctx, func(tx model.Tx) error { _, err := tx.Revalidation(ctx, asked[0], asked[1]); return err })
			if !errors.Is(err, model.ErrNotFound) {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestMetadataIsReplacedAndDeleted(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		c := plainConnection(t, "crm")
		insertConnections(t, s, c)
		for _, want := range []target.Snapshot{
			{Objects: []string{"Account", "Größe__c"}, Digest: "d1"}, {Digest: "d2"}, {Objects: []string{"Account"}, Digest: "d3"},
		} {
			change(t, s, func(tx model.Tx) error { return tx.PutMetadata(ctx, c.ID, want) })
			got := view(t, s, func(tx model.Tx) (target.Snapshot, error) { return tx.Metadata(ctx, c.ID) })
			equal(t, "metadata", got, want)
		}
		change(t, s, func(tx model.Tx) error { return tx.DeleteConnection(ctx, c.ID) })
		err := s.View(ctx, func(tx model.Tx) error { _, err := tx.Metadata(ctx, c.ID); return err })
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("after the deletion: %v", err)
		}
	})
}
