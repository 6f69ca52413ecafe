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

// AuditEvents lists audit events, newest first. Nothing appears later on a page that was read, or between two pages: a first page
// waits for the transactions that are writing, and has no event of later ones. Each event gets its id in its transaction.
func (s *Store) AuditEvents(ctx context.Context, f model.AuditFilter, p model.Page) (found []model.AuditEvent, err error) {
	upTo := p.After
	if p.After == "" && !s.db.commitsInOrder() {
		err = s.run(ctx, s.beginWrite(), func(t *tx) (err error) {
			upTo, err = one(ctx, t, "find the newest audit event", scanText, `SELECT COALESCE(MAX(id), '-') FROM audit_events`)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	err = s.run(ctx, s.db.beginStatement, func(t *tx) (err error) {
		found, err = t.auditEvents(ctx, f, p, upTo)
		return err
	})
	return found, err
}

// auditEvents lists the events up to an id; empty means all.
func (t *tx) auditEvents(ctx context.Context, f model.AuditFilter, p model.Page, upTo string) ([]model.AuditEvent, error) {
	q := query{text: `SELECT ` + auditColumns + ` FROM audit_events`}
	if upTo != "" {
		q.and("id <= %s", upTo)
	}
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
