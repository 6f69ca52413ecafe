package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (s *Server) routeAudit() {
	route(s, huma.Operation{
		OperationID: "list-audit-events", Method: http.MethodGet, Path: "/v1/audit-events", Summary: "List audit events",
		Description: "Every change and every rejected request: who, what, which object and when. Newest first.",
		Security:    requireScope(api.ScopeRead),
	}, s.listAuditEvents)
}

type listAuditEventsInput struct {
	PageInput
	ObjectID string    `query:"object_id" doc:"Only events about this connection, sync policy or user."`
	Actor    string    `query:"actor" doc:"Only events whose actor contains this text, regardless of letter case."`
	Action   string    `query:"action" doc:"Only events of this operation, such as connection.update."`
	Outcome  string    `query:"outcome" doc:"Only events with this outcome, such as done."`
	Since    time.Time `query:"since" doc:"Only events at this time or later."`
	Until    time.Time `query:"until" doc:"Only events before this time."`
}

func (s *Server) listAuditEvents(ctx context.Context, in *listAuditEventsInput) (
	*bodyOutput[api.List[api.AuditEvent]], error,
) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	events, err := s.engine.AuditEvents(ctx, model.AuditFilter{
		ObjectID: in.ObjectID, Actor: in.Actor, Action: in.Action, Outcome: in.Outcome, Since: in.Since, Until: in.Until,
	}, page)
	if err != nil {
		return nil, err
	}
	return pageOutput(events, page.Limit, auditEventOf, func(e *model.AuditEvent) string { return e.ID }), nil
}

func auditEventOf(e *model.AuditEvent) api.AuditEvent {
	return api.AuditEvent{
		ID: e.ID, At: e.At, Actor: e.Actor, RequestID: e.RequestID, Action: e.Action, ObjectID: e.ObjectID, Outcome: e.Outcome,
		Detail: e.Detail,
	}
}
