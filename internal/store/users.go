package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

const userColumns = `id, email, email_folded, display_name, enabled, sync_policy_id, revision, created_at, last_modified_at`

const selectUsers = `SELECT id, email, display_name, enabled, COALESCE(sync_policy_id, ''), revision, created_at,
	last_modified_at FROM users`

func (t *tx) User(ctx context.Context, id string) (model.User, error) {
	return one(ctx, t, "read user", scanUser, selectUsers+` WHERE id = $1`, id)
}

func (t *tx) Users(ctx context.Context, f model.UserFilter, p model.Page) ([]model.User, error) {
	return listPage(ctx, t, "list users", scanUser, usersQuery(selectUsers, f), p, oldestFirst)
}

func (t *tx) CountUsers(ctx context.Context, f model.UserFilter) (int, error) {
	q := usersQuery(`SELECT COUNT(*) FROM users`, f)
	return one(ctx, t, "count users", func(r row) (n int, err error) {
		err = r.Scan(&n)
		return n, err
	}, q.String(), q.args...)
}

func usersQuery(text string, f model.UserFilter) query {
	q := query{text: text}
	if len(f.IDs) > 0 {
		q.in(f.IDs, "id")
	}
	if f.Email != "" {
		q.and("email_folded = %s", names.Fold(f.Email))
	}
	if f.Enabled != nil {
		q.and("enabled = %s", *f.Enabled)
	}
	if f.SyncPolicyID != "" {
		q.and("sync_policy_id = %s", f.SyncPolicyID)
	}
	if f.CheckedBy != "" {
		q.and("(sync_policy_id IS NULL OR sync_policy_id = %s)", f.CheckedBy)
	}
	return q
}

func (t *tx) InsertUser(ctx context.Context, u model.User) error {
	return t.insertNamed(ctx, userNames, userColumns, u.Email, userValues(u, names.Fold(u.Email)))
}

func (t *tx) UpdateUser(ctx context.Context, u model.User) error {
	folded, err := t.foldedName(ctx, userNames, u.ID, u.Email)
	if err != nil {
		return err
	}
	if err := t.execOne(ctx, "update user", update("users", userColumns), userValues(u, folded)...); err != nil {
		return err
	}
	return t.clearCollisions(ctx, userNames)
}

func (t *tx) DeleteUser(ctx context.Context, id string) error {
	if err := t.execOne(ctx, "delete user", `DELETE FROM users WHERE id = $1`, id); err != nil {
		return err
	}
	return t.clearCollisions(ctx, userNames)
}

// userValues are the values of userColumns.
func userValues(u model.User, folded string) []any {
	return []any{
		u.ID, u.Email, folded, u.DisplayName, u.Enabled, orNull(u.SyncPolicyID), u.Revision, asTime(u.CreatedAt),
		asTime(u.LastModifiedAt),
	}
}

func scanUser(r row) (u model.User, err error) {
	err = r.Scan(&u.ID, &u.Email, &u.DisplayName, &u.Enabled, &u.SyncPolicyID, &u.Revision,
		timeColumn{&u.CreatedAt}, timeColumn{&u.LastModifiedAt})
	return u, err
}
