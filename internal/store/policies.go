package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

const policyColumns = `id, name, name_folded, crm_connection_id, email_connection_id, enabled, interval_ns, revision,
	created_at, last_modified_at`

// selectPolicies also reads the newest cycle of each policy.
func (s *Store) selectPolicies() string {
	return `SELECT id, name, COALESCE(crm_connection_id, ''), COALESCE(email_connection_id, ''), enabled, interval_ns, revision,
		created_at, last_modified_at,
		(SELECT ` + s.db.jsonRows(cycleColumns) + ` FROM (
			SELECT ` + cycleColumns + ` FROM sync_cycles
			WHERE policy_id = sync_policies.id ORDER BY id DESC LIMIT 1) related)
		FROM sync_policies`
}

func (t *tx) Policy(ctx context.Context, id string) (model.Policy, error) {
	return one(ctx, t, "read sync policy", scanPolicy, t.store.selectPolicies()+` WHERE id = $1`, id)
}

func (t *tx) Policies(ctx context.Context, f model.PolicyFilter, p model.Page) ([]model.Policy, error) {
	q := query{text: t.store.selectPolicies()}
	if len(f.IDs) > 0 {
		q.in(f.IDs, "id")
	}
	if f.Name != "" {
		q.and("name_folded = %s", names.Fold(f.Name))
	}
	if f.ConnectionID != "" {
		q.in([]string{f.ConnectionID}, "crm_connection_id", "email_connection_id")
	}
	return listPage(ctx, t, "list sync policies", scanPolicy, q, p, oldestFirst)
}

func (t *tx) InsertPolicy(ctx context.Context, p model.Policy) error {
	return t.insertNamed(ctx, policyNames, policyColumns, p.Name, policyValues(p, names.Fold(p.Name)))
}

func (t *tx) UpdatePolicy(ctx context.Context, p model.Policy) error {
	folded, err := t.foldedName(ctx, policyNames, p.ID, p.Name)
	if err != nil {
		return err
	}
	err = t.execOne(ctx, "update sync policy", update("sync_policies", policyColumns), policyValues(p, folded)...)
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "rename uses", `UPDATE connection_uses SET policy_name = $1 WHERE policy_id = $2`, p.Name, p.ID)
	if err != nil {
		return err
	}
	return t.clearCollisions(ctx, policyNames)
}

func (t *tx) DeletePolicy(ctx context.Context, id string) error {
	if err := t.execOne(ctx, "delete sync policy", `DELETE FROM sync_policies WHERE id = $1`, id); err != nil {
		return err
	}
	return t.clearCollisions(ctx, policyNames)
}

// policyValues are the values of policyColumns.
func policyValues(p model.Policy, folded string) []any {
	return []any{
		p.ID, p.Name, folded, orNull(p.CRMConnectionID), orNull(p.EmailConnectionID), p.Enabled, int64(p.Interval), p.Revision,
		asTime(p.CreatedAt), asTime(p.LastModifiedAt),
	}
}

func scanPolicy(r row) (p model.Policy, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.CRMConnectionID, &p.EmailConnectionID, &p.Enabled, &p.Interval, &p.Revision,
		timeColumn{&p.CreatedAt}, timeColumn{&p.LastModifiedAt}, newestColumn[model.Cycle]{&p.LastCycle, scanCycle})
	return p, err
}
