package engine

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// DeleteConnection removes a connection that no cycle has used and no enabled policy names, with its credentials; else
// the error is an *[InUseError]. Policies that named it are left without it. A revision of zero deletes whatever is there.
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
	c, err := readConnection(ctx, tx, id)
	if err != nil {
		return err
	}
	if revision != 0 && revision != c.Revision {
		return fmt.Errorf("connection %q: %w", c.Name, model.ErrRevision)
	}
	d, err := e.detail(ctx, tx, c)
	if err != nil {
		return err
	}
	if refusal := checkDeletable(&d); refusal != nil {
		return refusal
	}
	if err := tx.DeleteConnection(ctx, id); err != nil {
		return fmt.Errorf("delete the connection: %w", err)
	}
	return e.recordAudit(ctx, tx, "connection.delete", id, outcomeDone, c.Name)
}

// Deletable reports whether a connection may be deleted, and if not, why, in a sentence.
func Deletable(d *model.ConnectionDetail) (ok bool, reason string) {
	if refusal := checkDeletable(d); refusal != nil {
		return false, refusal.Error()
	}
	return true, ""
}

// checkDeletable says why a connection cannot be deleted; nil if it can. What a cycle has used stays used for ever, also
// after its policy is gone. A policy that is disabled and never ran a cycle protects nothing, even if it was enabled once:
// protection begins with the first use and, before that, lasts as long as a cycle may begin at any moment.
func checkDeletable(d *model.ConnectionDetail) *model.InUseError {
	refusal := &model.InUseError{Name: d.Name, Uses: d.Uses}
	for _, p := range d.Policies {
		if p.Enabled {
			refusal.Policies = append(refusal.Policies, p)
		}
	}
	if len(refusal.Uses) == 0 && len(refusal.Policies) == 0 {
		return nil
	}
	for _, u := range refusal.Uses {
		if refusal.FirstAt.IsZero() || u.FirstAt.Before(refusal.FirstAt) {
			refusal.FirstAt = u.FirstAt
		}
	}
	return refusal
}
