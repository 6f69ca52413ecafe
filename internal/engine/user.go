package engine

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// CreateUser adds a user to the User Manager.
func (e *Engine) CreateUser(ctx context.Context, n model.NewUser) (model.User, error) {
	return withAudit(ctx, e, "user.create", "", func() (model.User, error) {
		return createOnce(ctx, e, creatableUser, func(tx model.Tx) (model.User, error) { return e.insertUser(ctx, tx, n) })
	})
}

func (e *Engine) insertUser(ctx context.Context, tx model.Tx, n model.NewUser) (model.User, error) {
	id, err := newID()
	if err != nil {
		return model.User{}, err
	}
	now := e.clock()
	u := model.User{
		ID: id, Email: n.Email, DisplayName: n.DisplayName, Enabled: n.Enabled, SyncPolicyID: n.SyncPolicyID,
		Revision: 1, CreatedAt: now, LastModifiedAt: now,
	}
	if err := e.validateUser(ctx, tx, u, nil); err != nil {
		return model.User{}, err
	}
	if err := tx.InsertUser(ctx, u); err != nil {
		return model.User{}, fmt.Errorf("store the user: %w", err)
	}
	return u, e.recordAudit(ctx, tx, "user.create", u.ID, outcomeDone, u.Email)
}

// UpdateUser changes a user in the User Manager. If nothing differs, revision and time stay as they are.
func (e *Engine) UpdateUser(ctx context.Context, id string, change model.UserChange) (model.User, error) {
	return withAudit(ctx, e, "user.update", id, func() (model.User, error) {
		return runOnce(ctx, e, func(tx model.Tx) (model.User, error) {
			return e.updateUser(ctx, tx, id, change)
		}, model.UserKey(id))
	})
}

func (e *Engine) updateUser(ctx context.Context, tx model.Tx, id string, change model.UserChange) (model.User, error) {
	before, err := readUser(ctx, tx, id)
	if err != nil {
		return model.User{}, err
	}
	if change.Revision != 0 && change.Revision != before.Revision {
		return model.User{}, fmt.Errorf("user %q: %w", before.Email, model.ErrRevision)
	}
	u := before
	setIfPresent(&u.Email, change.Email)
	setIfPresent(&u.DisplayName, change.DisplayName)
	setIfPresent(&u.Enabled, change.Enabled)
	setIfPresent(&u.SyncPolicyID, change.SyncPolicyID)
	if u == before {
		return before, nil
	}
	if err := e.validateUser(ctx, tx, u, &before); err != nil {
		return model.User{}, err
	}
	u.Revision, u.LastModifiedAt = u.Revision+1, e.clock()
	if err := tx.UpdateUser(ctx, u); err != nil {
		return model.User{}, fmt.Errorf("update the user: %w", err)
	}
	return u, e.recordAudit(ctx, tx, "user.update", id, outcomeDone, u.Email)
}

// DeleteUser deletes a user from the User Manager. Sync logs keep the address. A revision of zero deletes any revision.
func (e *Engine) DeleteUser(ctx context.Context, id string, revision int64) error {
	_, err := withAudit(ctx, e, "user.delete", id, func() (struct{}, error) {
		return runOnce(ctx, e, func(tx model.Tx) (struct{}, error) {
			u, err := readUser(ctx, tx, id)
			if err != nil {
				return struct{}{}, err
			}
			if revision != 0 && revision != u.Revision {
				return struct{}{}, fmt.Errorf("user %q: %w", u.Email, model.ErrRevision)
			}
			if err := tx.DeleteUser(ctx, id); err != nil {
				return struct{}{}, fmt.Errorf("delete the user: %w", err)
			}
			return struct{}{}, e.recordAudit(ctx, tx, "user.delete", id, outcomeDone, u.Email)
		}, model.UserKey(id))
	})
	return err
}

// User finds a user by id.
func (e *Engine) User(ctx context.Context, id string) (model.User, error) {
	var u model.User
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		u, err = readUser(ctx, tx, id)
		return err
	})
	return u, err
}

// Users lists users in the order of their creation.
func (e *Engine) Users(ctx context.Context, f model.UserFilter, p model.Page) ([]model.User, error) {
	var us []model.User
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		us, err = tx.Users(ctx, f, clampPage(p))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list users: %w", err)
	}
	return us, nil
}

func readUser(ctx context.Context, tx model.Tx, id string) (model.User, error) {
	u, err := tx.User(ctx, id)
	if err != nil {
		return model.User{}, fmt.Errorf("user %s: %w", id, err)
	}
	return u, nil
}

// validateUser checks a user as it would be stored. before is the stored user, nil for a new one: what stays is not checked,
// since an earlier version may have accepted it.
func (e *Engine) validateUser(ctx context.Context, tx model.Tx, u model.User, before *model.User) error {
	var invalid invalidFields
	if before == nil || u.Email != before.Email {
		invalid.email(e, "email", u.Email)
	}
	if before == nil || u.DisplayName != before.DisplayName {
		invalid.text("display_name", u.DisplayName)
	}
	if u.SyncPolicyID != "" && (before == nil || u.SyncPolicyID != before.SyncPolicyID) {
		if err := invalid.policyID(ctx, tx, "sync_policy_id", u.SyncPolicyID); err != nil {
			return err
		}
	}
	return invalid.err()
}
