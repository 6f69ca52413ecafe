package engine

import (
	"context"
	"fmt"
	"maps"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Connection finds a connection by id.
func (e *Engine) Connection(ctx context.Context, id string) (model.ConnectionDetail, error) {
	var d model.ConnectionDetail
	err := e.store.View(ctx, func(tx model.Tx) error {
		c, err := readConnection(ctx, tx, id)
		if err != nil {
			return err
		}
		d, err = e.detail(ctx, tx, c)
		return err
	})
	return d, err
}

// Connections lists connections in the order of their creation.
func (e *Engine) Connections(ctx context.Context, f model.ConnectionFilter, p model.Page) ([]model.ConnectionDetail, error) {
	var ds []model.ConnectionDetail
	err := e.store.View(ctx, func(tx model.Tx) error {
		cs, err := tx.Connections(ctx, f, clampPage(p))
		if err != nil {
			return fmt.Errorf("list connections: %w", err)
		}
		ds, err = e.withDetails(ctx, tx, cs)
		return err
	})
	return ds, err
}

func readConnection(ctx context.Context, tx model.Tx, id string) (model.Connection, error) {
	c, err := tx.Connection(ctx, id)
	if err != nil {
		return model.Connection{}, fmt.Errorf("connection %s: %w", id, err)
	}
	return c, nil
}

func (e *Engine) detail(ctx context.Context, tx model.Tx, c model.Connection) (model.ConnectionDetail, error) {
	ds, err := e.withDetails(ctx, tx, []model.Connection{c})
	if err != nil {
		return model.ConnectionDetail{}, err
	}
	return ds[0], nil
}

// withDetails adds the related objects to connections, with one query for each type.
func (e *Engine) withDetails(ctx context.Context, tx model.Tx, cs []model.Connection) ([]model.ConnectionDetail, error) {
	ds := make([]model.ConnectionDetail, len(cs))
	if len(cs) == 0 {
		return ds, nil
	}
	ids := make([]string, len(cs))
	for i, c := range cs {
		ids[i] = c.ID
	}
	policies, err := tx.PoliciesOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find the policies of connections: %w", err)
	}
	uses, err := tx.UsesOf(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find the uses of connections: %w", err)
	}
	tests, err := tx.LastTests(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("find the last tests of connections: %w", err)
	}
	open, err := e.openAuthorizations(ctx, tx, cs)
	if err != nil {
		return nil, err
	}
	for i, c := range cs {
		ds[i] = model.ConnectionDetail{
			Connection: c, Policies: policies[c.ID], Uses: uses[c.ID], Warnings: e.connectionWarnings(c),
		}
		if last, ok := tests[c.ID]; ok {
			ds[i].LastTest = &last
		}
		if waiting, ok := open[c.ID]; ok {
			ds[i].Authorization = &waiting
		}
	}
	return ds, nil
}

// openAuthorizations finds the authorizations of connections that a person can sign in for now.
func (e *Engine) openAuthorizations(ctx context.Context, tx model.Tx, cs []model.Connection) (
	map[string]model.Authorization, error,
) {
	var ids []string
	for _, c := range cs {
		if s, known := e.system(c.System); known && s.Authorize != nil {
			ids = append(ids, c.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	open, err := tx.OpenAuthorizations(ctx, ids)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	now, err := tx.Now(ctx, e.clock())
	maps.DeleteFunc(open, func(_ string, a model.Authorization) bool { return !a.IsOpen(now) })
	return open, err
}
