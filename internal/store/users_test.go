package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestUserRoundTripAndFilters(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		anna, bert := plainUser(t, "Anna@Example.com"), plainUser(t, "bert@example.com")
		change(t, s, func(tx model.Tx) error {
			return errors.Join(tx.InsertUser(ctx, anna), tx.InsertUser(ctx, bert))
		})
		bert.Enabled, bert.DisplayName, bert.Revision, bert.LastModifiedAt = false, "Bert", 2, after(time.Hour)
		change(t, s, func(tx model.Tx) error { return tx.UpdateUser(ctx, bert) })
		equal(t, "by id", view(t, s, func(tx model.Tx) (model.User, error) { return tx.User(ctx, bert.ID) }), bert)
		for _, f := range []struct {
			filter model.UserFilter
			want   []model.User
		}{
			{model.UserFilter{}, []model.User{anna, bert}},
			{model.UserFilter{Email: "BERT@example.com"}, []model.User{bert}},
			{model.UserFilter{Enabled: new(true)}, []model.User{anna}},
			{model.UserFilter{Enabled: new(false)}, []model.User{bert}},
		} {
			got := view(t, s, func(tx model.Tx) ([]model.User, error) {
				return tx.Users(ctx, f.filter, model.Page{Limit: 10})
			})
			equal(t, fmt.Sprintf("%+v", f.filter), got, f.want)
		}
		err := s.Update(ctx, func(tx model.Tx) error { return tx.InsertUser(ctx, plainUser(t, "anna@example.com")) })
		var taken *model.NameTakenError
		if !errors.As(err, &taken) {
			t.Fatalf("insert: %v", err)
		}
		equal(t, "error", *taken, model.NameTakenError{Object: "user", Name: anna.Email, ID: anna.ID})
		change(t, s, func(tx model.Tx) error {
			return errors.Join(tx.DeleteUser(ctx, anna.ID), tx.InsertUser(ctx, plainUser(t, "anna@example.com")))
		})
	})
}
