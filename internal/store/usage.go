package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) PoliciesOf(ctx context.Context, connectionIDs []string) (map[string][]model.PolicyReference, error) {
	type policyRow struct {
		crm, email string
		policy     model.PolicyReference
	}
	found := make(map[string][]model.PolicyReference, len(connectionIDs))
	if len(connectionIDs) == 0 {
		return found, nil
	}
	q := query{text: `SELECT COALESCE(crm_connection_id, ''), COALESCE(email_connection_id, ''), id, name, enabled
		FROM sync_policies`, tail: ` ORDER BY id`}
	q.in(connectionIDs, "crm_connection_id", "email_connection_id")
	all, err := many(ctx, t, "list policies of connections", func(r row) (p policyRow, err error) {
		err = r.Scan(&p.crm, &p.email, &p.policy.ID, &p.policy.Name, &p.policy.Enabled)
		return p, err
	}, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	wanted := make(map[string]bool, len(connectionIDs))
	for _, id := range connectionIDs {
		wanted[id] = true
	}
	for _, p := range all {
		if wanted[p.crm] {
			found[p.crm] = append(found[p.crm], p.policy)
		}
		if wanted[p.email] && p.email != p.crm {
			found[p.email] = append(found[p.email], p.policy)
		}
	}
	return found, nil
}

func (t *tx) UsesOf(ctx context.Context, connectionIDs []string) (map[string][]model.Use, error) {
	type useRow struct {
		connectionID string
		use          model.Use
	}
	found := make(map[string][]model.Use, len(connectionIDs))
	if len(connectionIDs) == 0 {
		return found, nil
	}
	q := query{text: `SELECT connection_id, policy_id, policy_name, first_at, last_at FROM connection_uses`,
		tail: ` ORDER BY first_at, policy_id`}
	q.in(connectionIDs, "connection_id")
	all, err := many(ctx, t, "list uses of connections", func(r row) (u useRow, err error) {
		err = r.Scan(&u.connectionID, &u.use.PolicyID, &u.use.PolicyName, timeColumn{&u.use.FirstAt},
			timeColumn{&u.use.LastAt})
		return u, err
	}, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	for _, u := range all {
		found[u.connectionID] = append(found[u.connectionID], u.use)
	}
	return found, nil
}

func (t *tx) MarkUsed(ctx context.Context, connectionID string, u model.Use) error {
	_, err := t.exec(ctx, "mark connection as used", `
		INSERT INTO connection_uses (connection_id, policy_id, policy_name, first_at, last_at)
		VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (connection_id, policy_id) DO UPDATE
		SET policy_name = excluded.policy_name, last_at = excluded.last_at`,
		connectionID, u.PolicyID, u.PolicyName, asTime(u.FirstAt), asTime(u.LastAt))
	return err
}
