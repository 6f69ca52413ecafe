package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const pathPolicies = "/v1/sync-policies"

func policyOutput(p model.Policy, err error) (*readOutput[api.Policy], error) {
	if err != nil {
		return nil, err
	}
	return &readOutput[api.Policy]{ETag: etag(p.Revision), Body: policyOf(&p)}, nil
}

func (s *Server) routePolicies() {
	route(s, huma.Operation{
		OperationID: "create-sync-policy", Method: http.MethodPost, Path: pathPolicies, Summary: "Create a sync policy",
		Description: createDescription, DefaultStatus: http.StatusCreated, Security: requireScope(api.ScopeWrite),
	}, s.createPolicy)
	route(s, huma.Operation{
		OperationID: "list-sync-policies", Method: http.MethodGet, Path: pathPolicies, Summary: "List sync policies",
		Description: "In the order of their creation.", Security: requireScope(api.ScopeRead),
	}, s.listPolicies)
	route(s, huma.Operation{
		OperationID: "read-sync-policy", Method: http.MethodGet, Path: pathPolicies + "/{id}", Summary: "Read a sync policy",
		Security: requireScope(api.ScopeRead),
	}, func(ctx context.Context, in *ObjectInput) (*readOutput[api.Policy], error) {
		return policyOutput(s.engine.Policy(ctx, in.ID))
	})
	route(s, huma.Operation{
		OperationID: "update-sync-policy", Method: http.MethodPatch, Path: pathPolicies + "/{id}",
		Summary: "Change a sync policy", Security: requireScope(api.ScopeWrite),
	}, s.updatePolicy)
	route(s, huma.Operation{
		OperationID: "delete-sync-policy", Method: http.MethodDelete, Path: pathPolicies + "/{id}",
		Summary: "Delete a sync policy", Description: "The connections that its cycles used still count as used. " +
			"A sync policy to which users are assigned is not deleted: 409, with the users.",
		Security: requireScope(api.ScopeWrite), DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *ChangeInput) (*struct{}, error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		return nil, s.engine.DeletePolicy(ctx, in.ID, revision)
	})
}

type createPolicyInput struct {
	CreateInput
	Body api.CreatePolicy
}

func (s *Server) createPolicy(ctx context.Context, in *createPolicyInput) (*createdOutput[api.Policy], error) {
	out, err := policyOutput(s.engine.CreatePolicy(ctx, model.NewPolicy{
		Name: in.Body.Name, CRMConnectionID: orEmpty(in.Body.CRMConnectionID), EmailConnectionID: orEmpty(in.Body.EmailConnectionID),
		Enabled: in.Body.Enabled, Interval: seconds(in.Body.IntervalSeconds),
	}))
	if err != nil {
		return nil, err
	}
	return &createdOutput[api.Policy]{Location: pathPolicies + "/" + out.Body.ID, ETag: out.ETag, Body: out.Body}, nil
}

type listPoliciesInput struct {
	PageInput
	IDsInput
	Name         string `query:"name" doc:"Only the sync policy with this name, regardless of letter case."`
	ConnectionID string `query:"connection_id" doc:"Only sync policies that use this connection."`
}

func (s *Server) listPolicies(ctx context.Context, in *listPoliciesInput) (*bodyOutput[api.List[api.Policy]], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	policies, err := s.engine.Policies(ctx, model.PolicyFilter{IDs: in.IDs, Name: in.Name, ConnectionID: in.ConnectionID}, page)
	if err != nil {
		return nil, err
	}
	return pageOutput(policies, page.Limit, policyOf, func(p *model.Policy) string { return p.ID }), nil
}

type updatePolicyInput struct {
	ChangeInput
	Body api.UpdatePolicy
}

func (s *Server) updatePolicy(ctx context.Context, in *updatePolicyInput) (*readOutput[api.Policy], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	change := model.PolicyChange{
		Name: in.Body.Name, CRMConnectionID: in.Body.CRMConnectionID, EmailConnectionID: in.Body.EmailConnectionID,
		Enabled: in.Body.Enabled, Revision: revision,
	}
	if in.Body.IntervalSeconds != nil {
		interval := seconds(*in.Body.IntervalSeconds)
		change.Interval = &interval
	}
	return policyOutput(s.engine.UpdatePolicy(ctx, in.ID, change))
}

// seconds converts the interval of a request. A number that does not fit into a duration becomes one that the engine rejects
// as well.
func seconds(n int64) time.Duration {
	tooLong := int64(api.MaxInterval/time.Second) + 1
	return time.Duration(min(max(n, 0), tooLong)) * time.Second
}

func orEmpty(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}
