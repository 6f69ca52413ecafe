package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const auditColumns = `id, at, actor, request_id, action, object_id, outcome, detail`

func (t *tx) InsertAudit(ctx context.Context, e model.AuditEvent) error {
	return t.execOne(ctx, "insert audit event", insert("audit_events", auditColumns), e.ID, asTime(e.At), e.Actor,
		e.RequestID, e.Action, e.ObjectID, e.Outcome, e.Detail)
}
