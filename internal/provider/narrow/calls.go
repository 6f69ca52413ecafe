package narrow

import (
	"context"
	"encoding/json"

	p6 "github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The calls about one object. Each is the call of the whole server, or that of a part with narrowed values.

func (s *server) ValidateResourceConfig(
	ctx context.Context, req *p6.ValidateResourceConfigRequest,
) (*p6.ValidateResourceConfigResponse, error) {
	c, values, ok := s.narrow(ctx, req.TypeName, req.Config)
	if !ok {
		return s.Provider.ValidateResourceConfig(ctx, req)
	}
	narrowed := *req
	narrowed.Config = values[0]
	return c.part.ValidateResourceConfig(ctx, &narrowed)
}

func (s *server) ReadResource(ctx context.Context, req *p6.ReadResourceRequest) (*p6.ReadResourceResponse, error) {
	c, values, ok := s.narrow(ctx, req.TypeName, req.CurrentState)
	if !ok {
		return s.Provider.ReadResource(ctx, req)
	}
	narrowed := *req
	narrowed.CurrentState = values[0]
	resp, err := c.part.ReadResource(ctx, &narrowed)
	if err == nil {
		resp.NewState, err = c.widen(resp.NewState)
	}
	return resp, err
}

func (s *server) PlanResourceChange(
	ctx context.Context, req *p6.PlanResourceChangeRequest,
) (*p6.PlanResourceChangeResponse, error) {
	c, values, ok := s.narrow(ctx, req.TypeName, req.Config, req.PriorState, req.ProposedNewState)
	if !ok {
		return s.Provider.PlanResourceChange(ctx, req)
	}
	narrowed := *req
	narrowed.Config, narrowed.PriorState, narrowed.ProposedNewState = values[0], values[1], values[2]
	resp, err := c.part.PlanResourceChange(ctx, &narrowed)
	if err == nil {
		resp.PlannedState, err = c.widen(resp.PlannedState)
	}
	return resp, err
}

func (s *server) ApplyResourceChange(
	ctx context.Context, req *p6.ApplyResourceChangeRequest,
) (*p6.ApplyResourceChangeResponse, error) {
	c, values, ok := s.narrow(ctx, req.TypeName, req.Config, req.PriorState, req.PlannedState)
	if !ok {
		return s.Provider.ApplyResourceChange(ctx, req)
	}
	narrowed := *req
	narrowed.Config, narrowed.PriorState, narrowed.PlannedState = values[0], values[1], values[2]
	resp, err := c.part.ApplyResourceChange(ctx, &narrowed)
	if err == nil {
		resp.NewState, err = c.widen(resp.NewState)
	}
	return resp, err
}

// UpgradeResourceState narrows states of the present version only. Terraform passes them as JSON.
func (s *server) UpgradeResourceState(
	ctx context.Context, req *p6.UpgradeResourceStateRequest,
) (*p6.UpgradeResourceStateResponse, error) {
	c, state, ok := s.narrowRaw(ctx, req)
	if !ok {
		return s.Provider.UpgradeResourceState(ctx, req)
	}
	narrowed := *req
	narrowed.RawState = &p6.RawState{JSON: state}
	resp, err := c.part.UpgradeResourceState(ctx, &narrowed)
	if err == nil {
		resp.UpgradedState, err = c.widen(resp.UpgradedState)
	}
	return resp, err
}

func (s *server) narrowRaw(ctx context.Context, req *p6.UpgradeResourceStateRequest) (_ call, state []byte, ok bool) {
	if req.TypeName != s.resource.Type || req.Version != s.resource.Version || req.RawState == nil {
		return call{}, nil, false
	}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(req.RawState.JSON, &members); err != nil {
		return call{}, nil, false
	}
	c, ok := s.call(ctx, func(block string) bool {
		value, ok := members[block]
		return ok && string(value) != "null"
	})
	if !ok {
		return call{}, nil, false
	}
	for _, block := range c.absent {
		delete(members, block)
	}
	state, err := json.Marshal(members)
	return c, state, err == nil
}
