package store

import (
	"context"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const auditColumns = `id, at, actor, request_id, action, object_id, outcome, detail`

func (t *tx) InsertAudit(ctx context.Context, e model.AuditEvent) error {
	return t.execOne(ctx, "insert audit event", insert("audit_events", auditColumns), e.ID, asTime(e.At), e.Actor,
		e.RequestID, e.Action, e.ObjectID, e.Outcome, e.Detail)
}

func (t *tx) AuditEvents(ctx context.Context, f model.AuditFilter, p model.Page) ([]model.AuditEvent, error) {
	q := query{text: `SELECT ` + auditColumns + ` FROM audit_events`}
	if f.ObjectID != "" {
		q.and("object_id = %s", f.ObjectID)
	}
	if f.Actor != "" {
		q.and("lower(actor) LIKE lower(%s) ESCAPE '!'", "%"+likeEscaper.Replace(f.Actor)+"%")
	}
	if f.Action != "" {
		q.and("action = %s", f.Action)
	}
	if f.Outcome != "" {
		q.and("outcome = %s", f.Outcome)
	}
	if !f.Since.IsZero() {
		q.and("at >= %s", asTime(f.Since))
	}
	if !f.Until.IsZero() {
		q.and("at < %s", asTime(f.Until))
	}
	return listPage(ctx, t, "list audit events", scanAuditEvent, q, p, newestFirst)
}

// likeEscaper makes a text match only itself in a LIKE pattern.
var likeEscaper = strings.NewReplacer("!", "!!", "%", "!%", "_", "!_")

func scanAuditEvent(r row) (e model.AuditEvent, err error) {
	err = r.Scan(&e.ID, timeColumn{&e.At}, &e.Actor, &e.RequestID, &e.Action, &e.ObjectID, &e.Outcome, &e.Detail)
	return e, err
}
