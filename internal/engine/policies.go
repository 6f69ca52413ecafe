package engine

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// CreatePolicy creates a sync policy. Then it refreshes the metadata of the policy's connections: with a short timeout, and
// without undoing the policy if that fails.
func (e *Engine) CreatePolicy(ctx context.Context, n model.NewPolicy) (model.Policy, error) {
	return withAudit(ctx, e, "policy.create", "", func() (model.Policy, error) {
		created := false // stays false for a repeated request
		p, err := createOnce(ctx, e, creatablePolicy, func(tx model.Tx) (model.Policy, error) {
			p, err := e.insertPolicy(ctx, tx, n)
			tx.OnEnd(func(committed bool) { created = committed && err == nil })
			return p, err
		})
		if err == nil && created {
			e.refreshPolicyMetadata(ctx, p)
		}
		return p, err
	})
}

func (e *Engine) insertPolicy(ctx context.Context, tx model.Tx, n model.NewPolicy) (model.Policy, error) {
	id, err := newID()
	if err != nil {
		return model.Policy{}, err
	}
	now := e.clock()
	p := model.Policy{
		ID: id, Name: n.Name, CRMConnectionID: n.CRMConnectionID, EmailConnectionID: n.EmailConnectionID,
		Enabled: n.Enabled, Interval: n.Interval, Revision: 1, CreatedAt: now, LastModifiedAt: now,
	}
	if err := e.validatePolicy(ctx, tx, p, nil); err != nil {
		return model.Policy{}, err
	}
	if err := tx.InsertPolicy(ctx, p); err != nil {
		return model.Policy{}, fmt.Errorf("store the sync policy: %w", err)
	}
	return p, e.recordAudit(ctx, tx, "policy.create", p.ID, outcomeDone, p.Name)
}

// UpdatePolicy changes a sync policy, and refreshes metadata as [Engine.CreatePolicy] does. If nothing differs, revision, time
// and metadata stay as they are.
func (e *Engine) UpdatePolicy(ctx context.Context, id string, change model.PolicyChange) (model.Policy, error) {
	return withAudit(ctx, e, "policy.update", id, func() (model.Policy, error) {
		changed := false // stays false for a repeated request
		p, err := runOnce(ctx, e, func(tx model.Tx) (model.Policy, error) {
			p, differs, err := e.updatePolicy(ctx, tx, id, change)
			tx.OnEnd(func(committed bool) { changed = committed && differs })
			return p, err
		}, model.PolicyKey(id))
		if err == nil && changed {
			e.refreshPolicyMetadata(ctx, p)
		}
		return p, err
	})
}

func (e *Engine) updatePolicy(ctx context.Context, tx model.Tx, id string, change model.PolicyChange) (
	p model.Policy, changed bool, err error,
) {
	before, err := readPolicy(ctx, tx, id)
	if err != nil {
		return model.Policy{}, false, err
	}
	if change.Revision != 0 && change.Revision != before.Revision {
		return model.Policy{}, false, fmt.Errorf("sync policy %q: %w", before.Name, model.ErrRevision)
	}
	p = apply(change, before)
	if p == before {
		return before, false, nil
	}
	if err := e.validatePolicy(ctx, tx, p, &before); err != nil {
		return model.Policy{}, false, err
	}
	p.Revision, p.LastModifiedAt = p.Revision+1, e.clock()
	if err := tx.UpdatePolicy(ctx, p); err != nil {
		return model.Policy{}, false, fmt.Errorf("update the sync policy: %w", err)
	}
	return p, true, e.recordAudit(ctx, tx, "policy.update", id, outcomeDone, p.Name)
}

func apply(c model.PolicyChange, p model.Policy) model.Policy {
	setIfPresent(&p.Name, c.Name)
	setIfPresent(&p.CRMConnectionID, c.CRMConnectionID)
	setIfPresent(&p.EmailConnectionID, c.EmailConnectionID)
	setIfPresent(&p.Enabled, c.Enabled)
	setIfPresent(&p.Interval, c.Interval)
	return p
}

// DeletePolicy deletes a sync policy, even if cycles have run: its connections stay used, and the uses keep its name. While
// users are assigned to it, the error is a *[model.PolicyInUseError]. The transaction has no keys, so that no user is assigned
// in the meantime. A revision of zero deletes any revision.
func (e *Engine) DeletePolicy(ctx context.Context, id string, revision int64) error {
	_, err := withAudit(ctx, e, "policy.delete", id, func() (struct{}, error) {
		return runOnce(ctx, e, func(tx model.Tx) (struct{}, error) {
			p, err := readPolicy(ctx, tx, id)
			if err != nil {
				return struct{}{}, err
			}
			if revision != 0 && revision != p.Revision {
				return struct{}{}, fmt.Errorf("sync policy %q: %w", p.Name, model.ErrRevision)
			}
			if err := checkNoUsers(ctx, tx, p); err != nil {
				return struct{}{}, err
			}
			if err := tx.DeletePolicy(ctx, id); err != nil {
				return struct{}{}, fmt.Errorf("delete the sync policy: %w", err)
			}
			return struct{}{}, e.recordAudit(ctx, tx, "policy.delete", id, outcomeDone, p.Name)
		})
	})
	return err
}

// checkNoUsers returns a *[model.PolicyInUseError] if users are assigned to a policy, enabled or not.
func checkNoUsers(ctx context.Context, tx model.Tx, p model.Policy) error {
	assigned := model.UserFilter{SyncPolicyID: p.ID}
	users, err := tx.Users(ctx, assigned, model.Page{Limit: api.MaxProblemUsers})
	if err != nil {
		return fmt.Errorf("list the users of the sync policy: %w", err)
	}
	if len(users) == 0 {
		return nil
	}
	total, err := tx.CountUsers(ctx, assigned)
	if err != nil {
		return fmt.Errorf("count the users of the sync policy: %w", err)
	}
	return &model.PolicyInUseError{Name: p.Name, Users: users, Total: total}
}

// Policy finds a sync policy by id.
func (e *Engine) Policy(ctx context.Context, id string) (model.Policy, error) {
	var p model.Policy
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		p, err = readPolicy(ctx, tx, id)
		return err
	})
	return p, err
}

// Policies lists sync policies in the order of their creation.
func (e *Engine) Policies(ctx context.Context, f model.PolicyFilter, page model.Page) ([]model.Policy, error) {
	var ps []model.Policy
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		ps, err = tx.Policies(ctx, f, clampPage(page))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sync policies: %w", err)
	}
	return ps, nil
}

func readPolicy(ctx context.Context, tx model.Tx, id string) (model.Policy, error) {
	p, err := tx.Policy(ctx, id)
	if err != nil {
		return model.Policy{}, fmt.Errorf("sync policy %s: %w", id, err)
	}
	return p, nil
}
