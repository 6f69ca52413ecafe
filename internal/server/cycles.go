package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (s *Server) routeCycles() {
	route(s, huma.Operation{
		OperationID: "start-cycle", Method: http.MethodPost, Path: pathPolicies + "/{id}/cycles",
		Summary: "Request a full sync cycle",
		Description: "The cycle runs in the background: it signs in with both connections of the policy, checks the policy's " +
			"enabled users and writes sync logs. It moves no calendars, contacts or mail. From then on, the connections count as used.",
		Security: requireScope(api.ScopeWrite), DefaultStatus: http.StatusAccepted,
	}, s.startCycle)
	route(s, huma.Operation{
		OperationID: "read-cycle", Method: http.MethodGet, Path: pathPolicies + "/{id}/cycles/{cycle_id}",
		Summary: "Read a full sync cycle", Security: requireScope(api.ScopeRead),
	}, func(ctx context.Context, in *cycleInput) (*bodyOutput[api.Cycle], error) {
		cycle, err := s.engine.Cycle(ctx, in.ID, in.CycleID)
		if err != nil {
			return nil, err
		}
		return &bodyOutput[api.Cycle]{Body: cycleOf(&cycle)}, nil
	})
	route(s, huma.Operation{
		OperationID: "list-sync-logs", Method: http.MethodGet, Path: "/v1/sync-logs", Summary: "List sync logs",
		Description: "Newest first.", Security: requireScope(api.ScopeRead),
	}, s.listSyncLogs)
}

type startCycleInput struct {
	MutationInput
	ObjectInput
}

type cycleInput struct {
	ObjectInput
	CycleID string `path:"cycle_id" maxLength:"255"`
}

type startedCycleOutput struct {
	Location string `header:"Location"`
	Body     api.Cycle
}

func (s *Server) startCycle(ctx context.Context, in *startCycleInput) (*startedCycleOutput, error) {
	cycle, err := s.engine.RequestCycle(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &startedCycleOutput{
		Location: pathPolicies + "/" + cycle.PolicyID + "/cycles/" + cycle.ID, Body: cycleOf(&cycle),
	}, nil
}

type listSyncLogsInput struct {
	PageInput
	UserEmail    string    `query:"user_email" doc:"Only logs of this user, regardless of letter case."`
	PolicyID     string    `query:"policy_id"`
	ConnectionID string    `query:"connection_id"`
	CycleID      string    `query:"cycle_id"`
	OnlyErrors   bool      `query:"only_errors"`
	Since        time.Time `query:"since" doc:"Only logs that were written at this time or later."`
}

func (s *Server) listSyncLogs(ctx context.Context, in *listSyncLogsInput) (*bodyOutput[api.List[api.SyncLog]], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	logs, err := s.engine.SyncLogs(ctx, model.SyncLogFilter{
		UserEmail: in.UserEmail, PolicyID: in.PolicyID, ConnectionID: in.ConnectionID, CycleID: in.CycleID,
		OnlyErrors: in.OnlyErrors, Since: in.Since,
	}, page)
	if err != nil {
		return nil, err
	}
	return pageOutput(logs, page.Limit, syncLogOf, func(l *model.SyncLog) string { return l.ID }), nil
}
