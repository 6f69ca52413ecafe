package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

const (
	policyReferenceColumns = `id, name, enabled`
	useColumns             = `policy_id, policy_name, first_at, last_at`
)

// selectDetails also reads what is related to each connection: one statement costs one round trip to a server.
func (s *Store) selectDetails() string {
	return `SELECT ` + selectedConnectionColumns + `,
		(SELECT ` + s.db.jsonRows(policyReferenceColumns) + ` FROM (
			SELECT ` + policyReferenceColumns + ` FROM sync_policies
			WHERE crm_connection_id = connections.id OR email_connection_id = connections.id ORDER BY id) related),
		(SELECT ` + s.db.jsonRows(useColumns) + ` FROM (
			SELECT ` + useColumns + ` FROM connection_uses
			WHERE connection_id = connections.id ORDER BY first_at, policy_id) related),
		(SELECT ` + s.db.jsonRows(testColumns) + ` FROM (
			SELECT ` + testColumns + ` FROM connection_tests
			WHERE connection_id = connections.id ORDER BY id DESC LIMIT 1) related),
		(SELECT ` + s.db.jsonRows(authorizationColumns) + ` FROM (
			SELECT ` + authorizationColumns + ` FROM authorizations
			WHERE connection_id = connections.id AND state IN ('pending', 'confirm')) related)
		FROM connections`
}

func scanDetail(r row) (d model.ConnectionDetail, err error) {
	err = r.Scan(append(connectionDestinations(&d.Connection), rowsColumn[model.PolicyReference]{&d.Policies, scanPolicyReference},
		rowsColumn[model.Use]{&d.Uses, scanUse}, newestColumn[model.TestResult]{&d.LastTest, scanTest},
		newestColumn[model.Authorization]{&d.Authorization, scanAuthorization})...)
	return d, err
}

func scanPolicyReference(r row) (p model.PolicyReference, err error) {
	err = r.Scan(&p.ID, &p.Name, &p.Enabled)
	return p, err
}

func scanUse(r row) (u model.Use, err error) {
	err = r.Scan(&u.PolicyID, &u.PolicyName, timeColumn{&u.FirstAt}, timeColumn{&u.LastAt})
	return u, err
}

func (t *tx) ConnectionDetail(ctx context.Context, id string) (model.ConnectionDetail, error) {
	return one(ctx, t, "read connection", scanDetail, t.store.selectDetails()+` WHERE id = $1`, id)
}

func (t *tx) Connections(ctx context.Context, f model.ConnectionFilter, p model.Page) ([]model.ConnectionDetail, error) {
	q := query{text: t.store.selectDetails()}
	if len(f.IDs) > 0 {
		q.in(f.IDs, "id")
	}
	if f.Name != "" {
		q.and("name_folded = %s", names.Fold(f.Name))
	}
	if f.Kind != "" {
		q.and("kind = %s", string(f.Kind))
	}
	if f.System != "" {
		q.and("system = %s", f.System)
	}
	if f.Status != "" {
		q.and(connectionStatus+" = %s", string(f.Status))
	}
	return listPage(ctx, t, "list connections", scanDetail, q, p, oldestFirst)
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
