package engine

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// DeleteConnection deletes a connection with its credentials, if no cycle has used it and no enabled policy names it.
// Otherwise the error is a *[model.InUseError]. The connection is removed from policies that name it, so the transaction has no
// keys. A revision of zero deletes any revision.
func (e *Engine) DeleteConnection(ctx context.Context, id string, revision int64) error {
	_, err := withAudit(ctx, e, "connection.delete", id, func() (struct{}, error) {
		return runOnce(ctx, e, func(tx model.Tx) (struct{}, error) { return struct{}{}, e.deleteConnection(ctx, tx, id, revision) })
	})
	if err == nil {
		e.caches.drop(id)
	}
	return err
}

func (e *Engine) deleteConnection(ctx context.Context, tx model.Tx, id string, revision int64) error {
	d, err := e.detail(ctx, tx, id)
	if err != nil {
		return err
	}
	if revision != 0 && revision != d.Revision {
		return fmt.Errorf("connection %q: %w", d.Name, model.ErrRevision)
	}
	if inUse := checkDeletable(&d); inUse != nil {
		return inUse
	}
	if err := tx.DeleteConnection(ctx, id); err != nil {
		return fmt.Errorf("delete the connection: %w", err)
	}
	return e.recordAudit(ctx, tx, "connection.delete", id, outcomeDone, d.Name)
}

// Deletable reports whether a connection can be deleted, and if not, the reason as a sentence.
func Deletable(d *model.ConnectionDetail) (ok bool, reason string) {
	if inUse := checkDeletable(d); inUse != nil {
		return false, inUse.Error()
	}
	return true, ""
}

// checkDeletable returns why a connection cannot be deleted; nil if it can. A connection that a cycle has used stays used
// permanently, also after its policy was deleted. A disabled policy that never ran a cycle does not protect its connections,
// even if it was enabled before: protection starts with the first use and, before that, exists while a cycle can start.
func checkDeletable(d *model.ConnectionDetail) *model.InUseError {
	inUse := &model.InUseError{Name: d.Name, Uses: d.Uses}
	for _, p := range d.Policies {
		if p.Enabled {
			inUse.Policies = append(inUse.Policies, p)
		}
	}
	if len(inUse.Uses) == 0 && len(inUse.Policies) == 0 {
		return nil
	}
	for _, u := range inUse.Uses {
		if inUse.FirstAt.IsZero() || u.FirstAt.Before(inUse.FirstAt) {
			inUse.FirstAt = u.FirstAt
		}
	}
	return inUse
}
