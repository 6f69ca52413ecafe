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
			{model.UserFilter{IDs: []string{bert.ID, anna.ID, newID(t)}}, []model.User{anna, bert}},
			{model.UserFilter{IDs: []string{bert.ID}, Enabled: new(true)}, nil},
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

func TestUsersOfPolicies(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		first, second := plainPolicy(t, "first"), plainPolicy(t, "second")
		insertPolicies(t, s, first, second)
		one, other, none, away := plainUser(t, "one@example.com"), plainUser(t, "other@example.com"),
			plainUser(t, "none@example.com"), plainUser(t, "away@example.com")
		one.SyncPolicyID, other.SyncPolicyID, away.SyncPolicyID, away.Enabled = first.ID, first.ID, first.ID, false
		change(t, s, func(tx model.Tx) error {
			return errors.Join(tx.InsertUser(ctx, one), tx.InsertUser(ctx, other), tx.InsertUser(ctx, none), tx.InsertUser(ctx, away))
		})
		other.SyncPolicyID = second.ID
		change(t, s, func(tx model.Tx) error { return tx.UpdateUser(ctx, other) })
		equal(t, "by id", view(t, s, func(tx model.Tx) (model.User, error) { return tx.User(ctx, other.ID) }), other)
		for _, f := range []struct {
			filter model.UserFilter
			want   []model.User
		}{
			{model.UserFilter{SyncPolicyID: first.ID}, []model.User{one, away}},
			{model.UserFilter{SyncPolicyID: second.ID}, []model.User{other}},
			{model.UserFilter{SyncPolicyID: newID(t)}, nil},
			{model.UserFilter{CheckedBy: first.ID}, []model.User{one, none, away}},
			{model.UserFilter{CheckedBy: first.ID, Enabled: new(true)}, []model.User{one, none}},
			{model.UserFilter{CheckedBy: newID(t)}, []model.User{none}},
		} {
			got := view(t, s, func(tx model.Tx) ([]model.User, error) {
				return tx.Users(ctx, f.filter, model.Page{Limit: 10})
			})
			equal(t, fmt.Sprintf("%+v", f.filter), got, f.want)
			count := view(t, s, func(tx model.Tx) (int, error) { return tx.CountUsers(ctx, f.filter) })
			equal(t, fmt.Sprintf("number of %+v", f.filter), count, len(f.want))
		}
	})
}

// The engine checks first. This is for a policy that is deleted in another way, such as by hand.
func TestPolicyWithUsersCannotBeDeleted(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx, p, u := t.Context(), plainPolicy(t, "first"), plainUser(t, "one@example.com")
		insertPolicies(t, s, p)
		u.SyncPolicyID = p.ID
		change(t, s, func(tx model.Tx) error { return tx.InsertUser(ctx, u) })
		remove := func(tx model.Tx) error { return tx.DeletePolicy(ctx, p.ID) }
		if err := s.Update(ctx, remove); err == nil {
			t.Error("a policy with a user was deleted")
		}
		u.SyncPolicyID = newID(t)
		if err := s.Update(ctx, func(tx model.Tx) error { return tx.UpdateUser(ctx, u) }); err == nil {
			t.Error("a user was assigned to a policy that does not exist")
		}
		u.SyncPolicyID = ""
		change(t, s, func(tx model.Tx) error { return errors.Join(tx.UpdateUser(ctx, u), remove(tx)) })
	})
}
