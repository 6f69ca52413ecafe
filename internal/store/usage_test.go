package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestPoliciesOfConnections(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		crm, mail, idle := plainConnection(t, "crm"), plainConnection(t, "mail"), plainConnection(t, "idle")
		insertConnections(t, s, crm, mail, idle)
		both, one, none := plainPolicy(t, "both"), plainPolicy(t, "one"), plainPolicy(t, "none")
		both.CRMConnectionID, both.EmailConnectionID = crm.ID, mail.ID
		one.EmailConnectionID, one.Enabled = mail.ID, false
		insertPolicies(t, s, both, one, none)
		got := view(t, s, func(tx model.Tx) (map[string][]model.PolicyReference, error) {
			return tx.PoliciesOf(t.Context(), []string{mail.ID, crm.ID, idle.ID})
		})
		equal(t, "policies", got, map[string][]model.PolicyReference{
			crm.ID:  {{ID: both.ID, Name: "both", Enabled: true}},
			mail.ID: {{ID: both.ID, Name: "both", Enabled: true}, {ID: one.ID, Name: "one"}},
		})
		got = view(t, s, func(tx model.Tx) (map[string][]model.PolicyReference, error) {
			return tx.PoliciesOf(t.Context(), []string{crm.ID})
		})
		equal(t, "policies of one", got, map[string][]model.PolicyReference{
			crm.ID: {{ID: both.ID, Name: "both", Enabled: true}},
		})
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
		uses := func() map[string][]model.Use {
			return view(t, s, func(tx model.Tx) (map[string][]model.Use, error) {
				return tx.UsesOf(t.Context(), []string{idle.ID, mail.ID})
			})
		}
		want := []model.Use{
			{PolicyID: first.ID, PolicyName: "first", FirstAt: startTime, LastAt: after(2 * time.Hour)},
			{PolicyID: second.ID, PolicyName: "second", FirstAt: after(time.Hour), LastAt: after(time.Hour)},
		}
		equal(t, "uses by first use", uses(), map[string][]model.Use{mail.ID: want})

		first.Name = "renamed"
		change(t, s, func(tx model.Tx) error { return tx.UpdatePolicy(t.Context(), first) })
		want[0].PolicyName = "renamed"
		equal(t, "uses after a policy was renamed", uses(), map[string][]model.Use{mail.ID: want})

		change(t, s, func(tx model.Tx) error { return tx.DeletePolicy(t.Context(), first.ID) })
		equal(t, "uses after a policy was deleted", uses(), map[string][]model.Use{mail.ID: want})
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

func TestUsageOfNoConnections(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		err := s.View(t.Context(), func(tx model.Tx) error {
			policies, err1 := tx.PoliciesOf(t.Context(), nil)
			uses, err2 := tx.UsesOf(t.Context(), nil)
			tests, err3 := tx.LastTests(t.Context(), nil)
			if len(policies)+len(uses)+len(tests) != 0 {
				t.Error("something was found without connections")
			}
			return errors.Join(err1, err2, err3)
		})
		if err != nil {
			t.Error(err)
		}
	})
}
