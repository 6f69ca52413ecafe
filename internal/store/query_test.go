package store_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestPagesCoverWholeList(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		const total = 23
		var want []string
		change(t, s, func(tx model.Tx) error {
			for i := range total {
				c := plainConnection(t, fmt.Sprintf("c%d", i))
				want = append(want, c.ID)
				if err := tx.InsertConnection(t.Context(), c); err != nil {
					return err
				}
			}
			return nil
		})
		for limit, first := range map[int]int{1: 1, 7: 7, total: total, 10_000: total} {
			var got []string
			for page := (model.Page{Limit: limit}); ; page.After = got[len(got)-1] {
				list := view(t, s, func(tx model.Tx) ([]model.ConnectionDetail, error) {
					return tx.Connections(t.Context(), model.ConnectionFilter{}, page)
				})
				if len(list) == 0 {
					break
				}
				if got == nil && len(list) != first {
					t.Errorf("limit %d: first page has %d", limit, len(list))
				}
				for _, c := range list {
					got = append(got, c.ID)
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("limit %d: the pages do not add up to the list", limit)
			}
		}
	})
}

func TestPageWithoutLimitIsAnError(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		for name, list := range map[string]func(model.Tx, model.Page) error{
			"connections": func(tx model.Tx, p model.Page) error {
				_, err := tx.Connections(ctx, model.ConnectionFilter{}, p)
				return err
			},
			"policies": func(tx model.Tx, p model.Page) error { _, err := tx.Policies(ctx, model.PolicyFilter{}, p); return err },
			"users":    func(tx model.Tx, p model.Page) error { _, err := tx.Users(ctx, model.UserFilter{}, p); return err },
			"tests": func(tx model.Tx, p model.Page) error {
				_, err := tx.Tests(ctx, newID(t), model.TestFilter{}, p)
				return err
			},
			"audit": func(_ model.Tx, p model.Page) error {
				_, err := s.AuditEvents(ctx, model.AuditFilter{}, p)
				return err
			},
			"sync logs": func(tx model.Tx, p model.Page) error {
				_, err := tx.SyncLogs(ctx, model.SyncLogFilter{}, p)
				return err
			},
		} {
			for _, limit := range []int{0, -1} {
				err := s.View(ctx, func(tx model.Tx) error { return list(tx, model.Page{Limit: limit}) })
				if err == nil || !strings.Contains(err.Error(), "must be at least 1") {
					t.Errorf("%s with the limit %d: %v", name, limit, err)
				}
			}
		}
	})
}
