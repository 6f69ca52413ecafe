package store_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func testResult(t *testing.T, connectionID string) model.TestResult {
	t.Helper()
	return model.TestResult{
		ID: newID(t), ConnectionID: connectionID,
		TestRequest: model.TestRequest{
			Account: model.UserAccount, UserEmail: "a@example.com", Test: target.Calendar, Force: true,
		},
		Summary: "Cannot", Fault: fullFault(), Identity: &target.Identity{Username: "svc@example.com"},
		Checks: []target.Check{
			{Name: "sign_in", Passed: true, Message: "Signed in.", Duration: 12345 * time.Microsecond},
			{Name: "calendar", Message: "Rejected."},
		},
		TestedAt: startTime, Remembered: true, Warnings: []string{"certificate expires.", "api \"ews\" ends."},
	}
}

func listTests(t *testing.T, s *store.Store, connectionID string, p model.Page) []model.TestResult {
	t.Helper()
	return view(t, s, func(tx model.Tx) ([]model.TestResult, error) {
		return tx.Tests(t.Context(), connectionID, model.TestFilter{}, p)
	})
}

func TestTestsByResult(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "one")
		insertConnections(t, s, c)
		failed, passed := testResult(t, c.ID), testResult(t, c.ID)
		passed.Passed, passed.Fault = true, nil
		change(t, s, func(tx model.Tx) error {
			return errors.Join(tx.InsertTest(t.Context(), failed, 9), tx.InsertTest(t.Context(), passed, 9))
		})
		for wanted, want := range map[bool]model.TestResult{true: passed, false: failed} {
			got := view(t, s, func(tx model.Tx) ([]model.TestResult, error) {
				return tx.Tests(t.Context(), c.ID, model.TestFilter{Passed: &wanted}, model.Page{Limit: 9})
			})
			equal(t, fmt.Sprintf("passed: %t", wanted), got, []model.TestResult{want})
		}
	})
}

func TestNewestTestsAreKept(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		one, other := plainConnection(t, "one"), plainConnection(t, "other")
		insertConnections(t, s, one, other)
		old := testResult(t, other.ID)
		var all []model.TestResult
		change(t, s, func(tx model.Tx) error {
			if err := tx.InsertTest(t.Context(), old, 3); err != nil {
				return err
			}
			for range 5 {
				r := testResult(t, one.ID)
				all = append([]model.TestResult{r}, all...)
				if err := tx.InsertTest(t.Context(), r, 3); err != nil {
					return err
				}
			}
			return nil
		})
		equal(t, "newest first", listTests(t, s, one.ID, model.Page{Limit: 10}), all[:3])
		equal(t, "second page", listTests(t, s, one.ID, model.Page{After: all[1].ID, Limit: 1}), all[2:3])
		equal(t, "other connection", listTests(t, s, other.ID, model.Page{Limit: 10}), []model.TestResult{old})
		equal(t, "last test", detailOf(t, s, one.ID).LastTest, &all[0])
		equal(t, "last test of the other connection", detailOf(t, s, other.ID).LastTest, &old)
	})
}

func TestMinimalTestResultRoundTrip(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "one")
		insertConnections(t, s, c)
		r := model.TestResult{
			ID: newID(t), ConnectionID: c.ID, TestRequest: model.TestRequest{Account: model.ServiceAccount, Test: target.General},
			Passed: true, Summary: "Passed.", Checks: []target.Check{}, TestedAt: startTime,
		}
		change(t, s, func(tx model.Tx) error { return tx.InsertTest(t.Context(), r, 1) })
		equal(t, "test", listTests(t, s, c.ID, model.Page{Limit: 1}), []model.TestResult{r})
	})
}
