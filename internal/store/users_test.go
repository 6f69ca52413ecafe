package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestUsers(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		anna, bert := plainUser(t, "Anna@Example.com"), plainUser(t, "bert@example.com")
		change(t, s, func(tx engine.Tx) error {
			return errors.Join(tx.InsertUser(ctx, anna), tx.InsertUser(ctx, bert))
		})
		bert.Enabled, bert.DisplayName, bert.Revision, bert.LastModifiedAt = false, "Bert", 2, after(time.Hour)
		change(t, s, func(tx engine.Tx) error { return tx.UpdateUser(ctx, bert) })
		equal(t, "by id", look(t, s, func(tx engine.Tx) (engine.User, error) { return tx.User(ctx, bert.ID) }), bert)
		for _, f := range []struct {
			filter engine.UserFilter
			want   []engine.User
		}{
			{engine.UserFilter{}, []engine.User{anna, bert}},
			{engine.UserFilter{Email: "BERT@example.com"}, []engine.User{bert}},
			{engine.UserFilter{Enabled: new(true)}, []engine.User{anna}},
			{engine.UserFilter{Enabled: new(false)}, []engine.User{bert}},
		} {
			got := look(t, s, func(tx engine.Tx) ([]engine.User, error) {
				return tx.Users(ctx, f.filter, engine.Page{Limit: 10})
			})
			equal(t, fmt.Sprintf("%+v", f.filter), got, f.want)
		}
		err := s.Update(ctx, func(tx engine.Tx) error { return tx.InsertUser(ctx, plainUser(t, "anna@example.com")) })
		var taken *engine.NameTakenError
		if !errors.As(err, &taken) {
			t.Fatalf("insert: %v", err)
		}
		equal(t, "error", *taken, engine.NameTakenError{Object: "user", Name: anna.Email, ID: anna.ID})
		change(t, s, func(tx engine.Tx) error {
			return errors.Join(tx.DeleteUser(ctx, anna.ID), tx.InsertUser(ctx, plainUser(t, "anna@example.com")))
		})
	})
}
