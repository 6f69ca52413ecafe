package store_test

import (
	"errors"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestConnectionNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		first, second string
		taken         bool
	}{
		{"Exchange", "exchange", true},
		{"Büro", "BÜRO", true},
		{"Bu\u0308ro", "Büro", true},
		{"ПОЧТА", "почта", true},
		{"Straße", "STRASSE", true},
		{"Σίσυφος", "ΣΊΣΥΦΟΣ", true},
		{"σίσυφος", "σίσυφοσ", true},
		{"İzmir", "i\u0307zmir", true},
		{"İzmir", "izmir", false},
		{"ızmir", "IZMIR", false},
		{"ﬁle", "FILE", true},
		{"Exchange", "Ex\u200bchange", true},
		{"Exchange", "Exchange ", false},
		{"Exchange", "Exchang%", false},
	} {
		t.Run(c.first+"/"+c.second, func(t *testing.T) {
			t.Parallel()
			eachStore(t, func(t *testing.T, s *store.Store) {
				holder, other := plainConnection(t, c.first), plainConnection(t, c.second)
				insertConnections(t, s, holder)
				err := s.Update(t.Context(), func(tx model.Tx) error { return tx.InsertConnection(t.Context(), other) })
				var taken *model.NameTakenError
				if errors.As(err, &taken) != c.taken || errors.Is(err, model.ErrNameTaken) != c.taken {
					t.Fatalf("insert %q beside %q: %v", c.second, c.first, err)
				}
				if c.taken {
					equal(t, "error", *taken, model.NameTakenError{Object: "connection", Name: c.first, ID: holder.ID})
				}
				err = s.View(t.Context(), func(tx model.Tx) error {
					_, err := tx.ConnectionByName(t.Context(), c.second)
					return err
				})
				if err != nil {
					t.Errorf("find %q: %v", c.second, err)
				}
			})
		})
	}
}

func TestRenameToTakenNameChangesNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		holder, other := plainConnection(t, "Exchange"), plainConnection(t, "Other")
		insertConnections(t, s, holder, other)
		renamed := other
		renamed.Name = "EXCHANGE"
		err := s.Update(t.Context(), func(tx model.Tx) error { return tx.UpdateConnection(t.Context(), renamed) })
		var taken *model.NameTakenError
		if !errors.As(err, &taken) || taken.ID != holder.ID {
			t.Fatalf("rename: %v", err)
		}
		got := view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), other.ID) })
		equal(t, "the other connection", got, other)
	})
}
