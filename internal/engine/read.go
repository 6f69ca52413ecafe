package engine

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Connection finds a connection by id.
func (e *Engine) Connection(ctx context.Context, id string) (model.ConnectionDetail, error) {
	var d model.ConnectionDetail
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		d, err = e.detail(ctx, tx, id)
		return err
	})
	return d, err
}

// Connections lists connections in the order of their creation.
func (e *Engine) Connections(ctx context.Context, f model.ConnectionFilter, p model.Page) ([]model.ConnectionDetail, error) {
	var ds []model.ConnectionDetail
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		ds, err = tx.Connections(ctx, f, clampPage(p))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list connections: %w", err)
	}
	for i := range ds {
		e.complete(&ds[i])
	}
	return ds, nil
}

func readConnection(ctx context.Context, tx model.Tx, id string) (model.Connection, error) {
	c, err := tx.Connection(ctx, id)
	if err != nil {
		return model.Connection{}, fmt.Errorf("connection %s: %w", id, err)
	}
	return c, nil
}

func (e *Engine) detail(ctx context.Context, tx model.Tx, id string) (model.ConnectionDetail, error) {
	d, err := tx.ConnectionDetail(ctx, id)
	if err != nil {
		return model.ConnectionDetail{}, fmt.Errorf("connection %s: %w", id, err)
	}
	e.complete(&d)
	return d, nil
}

// complete adds what is not stored: warnings, and whether a person can still sign in.
func (e *Engine) complete(d *model.ConnectionDetail) {
	d.Warnings = e.connectionWarnings(d.Connection)
	if d.Authorization != nil && !d.Authorization.IsOpen(e.clock()) {
		d.Authorization = nil
	}
}
