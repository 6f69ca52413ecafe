package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// detailOf reads a connection with what is related to it, which must be the same alone and in a list.
func detailOf(t *testing.T, s *store.Store, id string) model.ConnectionDetail {
	t.Helper()
	alone := view(t, s, func(tx model.Tx) (model.ConnectionDetail, error) { return tx.ConnectionDetail(t.Context(), id) })
	listed := view(t, s, func(tx model.Tx) ([]model.ConnectionDetail, error) {
		return tx.Connections(t.Context(), model.ConnectionFilter{IDs: []string{id}}, model.Page{Limit: 10})
	})
	equal(t, "in a list", listed, []model.ConnectionDetail{alone})
	return alone
}

func TestPoliciesOfConnections(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		crm, mail, idle := plainConnection(t, "crm"), fullConnection(t, "mail"), plainConnection(t, "idle")
		insertConnections(t, s, crm, mail, idle)
		both, one, none := plainPolicy(t, `"both" \\ ü`), plainPolicy(t, "one"), plainPolicy(t, "none")
		both.CRMConnectionID, both.EmailConnectionID = crm.ID, mail.ID
		one.EmailConnectionID, one.Enabled = mail.ID, false
		insertPolicies(t, s, both, one, none)
		ofBoth := model.PolicyReference{ID: both.ID, Name: both.Name, Enabled: true}
		ofOne := model.PolicyReference{ID: one.ID, Name: "one"}
		for _, want := range []model.ConnectionDetail{
			{Connection: crm, Policies: []model.PolicyReference{ofBoth}},
			{Connection: mail, Policies: []model.PolicyReference{ofBoth, ofOne}},
			{Connection: idle},
		} {
			equal(t, want.Name, detailOf(t, s, want.ID), want)
		}
	})
}

func TestUsesOfConnections(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		mail, idle := plainConnection(t, "mail"), plainConnection(t, "idle")
		insertConnections(t, s, mail, idle)
		first, second := plainPolicy(t, "first"), plainPolicy(t, "second")
		insertPolicies(t, s, first, second)
		change(t, s, func(tx model.Tx) error {
			mark := func(p model.Policy, at time.Time) error {
				return tx.MarkUsed(t.Context(), mail.ID, model.Use{PolicyID: p.ID, PolicyName: p.Name, FirstAt: at, LastAt: at})
			}
			return errors.Join(mark(second, after(time.Hour)), mark(first, startTime), mark(first, after(2*time.Hour)))
		})
		want := []model.Use{
			{PolicyID: first.ID, PolicyName: "first", FirstAt: startTime, LastAt: after(2 * time.Hour)},
			{PolicyID: second.ID, PolicyName: "second", FirstAt: after(time.Hour), LastAt: after(time.Hour)},
		}
		equal(t, "uses by first use", detailOf(t, s, mail.ID).Uses, want)
		equal(t, "uses of the other connection", len(detailOf(t, s, idle.ID).Uses), 0)

		first.Name = "renamed"
		change(t, s, func(tx model.Tx) error { return tx.UpdatePolicy(t.Context(), first) })
		want[0].PolicyName = "renamed"
		equal(t, "uses after a policy was renamed", detailOf(t, s, mail.ID).Uses, want)

		change(t, s, func(tx model.Tx) error { return tx.DeletePolicy(t.Context(), first.ID) })
		equal(t, "uses after a policy was deleted", detailOf(t, s, mail.ID).Uses, want)
	})
}

func TestDeleteConnectionClearsReferences(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		crm, mail := plainConnection(t, "crm"), plainConnection(t, "mail")
		insertConnections(t, s, crm, mail)
		p := plainPolicy(t, "both")
		p.CRMConnectionID, p.EmailConnectionID = crm.ID, mail.ID
		insertPolicies(t, s, p)
		change(t, s, func(tx model.Tx) error {
			return errors.Join(
				tx.PutCredentials(ctx, model.Binding{ConnectionID: mail.ID}, target.Credentials{"password": "p"}),
				tx.InsertTest(ctx, testResult(t, mail.ID), 10),
				tx.InsertUnequalComparison(ctx, mail.ID, []byte("candidate"), startTime, startTime),
			)
		})
		change(t, s, func(tx model.Tx) error { return tx.DeleteConnection(ctx, mail.ID) })

		p.EmailConnectionID = ""
		equal(t, "policy", view(t, s, func(tx model.Tx) (model.Policy, error) { return tx.Policy(ctx, p.ID) }), p)
		// A new connection with the same id must not have records of the old one.
		insertConnections(t, s, mail)
		err := s.View(ctx, func(tx model.Tx) error {
			_, err := tx.Credentials(ctx, model.Binding{ConnectionID: mail.ID})
			return err
		})
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("credentials: %v", err)
		}
		tests := view(t, s, func(tx model.Tx) ([]model.TestResult, error) {
			return tx.Tests(ctx, mail.ID, model.TestFilter{}, model.Page{Limit: 1})
		})
		count := view(t, s, func(tx model.Tx) (int, error) {
			n, _, err := tx.UnequalComparisons(ctx, mail.ID, nil, startTime, after(time.Hour))
			return n, err
		})
		if len(tests) != 0 || count != 0 {
			t.Errorf("%d tests and %d unequal comparisons are left", len(tests), count)
		}
	})
}
