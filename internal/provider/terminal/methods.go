package terminal

import (
	"context"

	p6 "github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// The methods of the protocol that return one response.

func (s *server) GetMetadata(ctx context.Context, req *p6.GetMetadataRequest) (*p6.GetMetadataResponse, error) {
	return respond(ctx, req, s.next.GetMetadata)
}

func (s *server) GetProviderSchema(
	ctx context.Context, req *p6.GetProviderSchemaRequest,
) (*p6.GetProviderSchemaResponse, error) {
	return respond(ctx, req, s.next.GetProviderSchema)
}

func (s *server) GetResourceIdentitySchemas(
	ctx context.Context, req *p6.GetResourceIdentitySchemasRequest,
) (*p6.GetResourceIdentitySchemasResponse, error) {
	return respond(ctx, req, s.next.GetResourceIdentitySchemas)
}

func (s *server) ValidateProviderConfig(
	ctx context.Context, req *p6.ValidateProviderConfigRequest,
) (*p6.ValidateProviderConfigResponse, error) {
	return respond(ctx, req, s.next.ValidateProviderConfig)
}

func (s *server) ConfigureProvider(
	ctx context.Context, req *p6.ConfigureProviderRequest,
) (*p6.ConfigureProviderResponse, error) {
	return respondKeeping(ctx, req, s.next.ConfigureProvider) // the log of the embedded control plane keeps it
}

func (s *server) StopProvider(ctx context.Context, req *p6.StopProviderRequest) (*p6.StopProviderResponse, error) {
	return respond(ctx, req, s.next.StopProvider)
}

func (s *server) ValidateResourceConfig(
	ctx context.Context, req *p6.ValidateResourceConfigRequest,
) (*p6.ValidateResourceConfigResponse, error) {
	return respond(ctx, req, s.next.ValidateResourceConfig)
}

func (s *server) UpgradeResourceState(
	ctx context.Context, req *p6.UpgradeResourceStateRequest,
) (*p6.UpgradeResourceStateResponse, error) {
	return respond(ctx, req, s.next.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(
	ctx context.Context, req *p6.UpgradeResourceIdentityRequest,
) (*p6.UpgradeResourceIdentityResponse, error) {
	return respond(ctx, req, s.next.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *p6.ReadResourceRequest) (*p6.ReadResourceResponse, error) {
	return respond(ctx, req, s.next.ReadResource)
}

func (s *server) PlanResourceChange(
	ctx context.Context, req *p6.PlanResourceChangeRequest,
) (*p6.PlanResourceChangeResponse, error) {
	return respond(ctx, req, s.next.PlanResourceChange)
}

func (s *server) ApplyResourceChange(
	ctx context.Context, req *p6.ApplyResourceChangeRequest,
) (*p6.ApplyResourceChangeResponse, error) {
	return respond(ctx, req, s.next.ApplyResourceChange)
}

func (s *server) ImportResourceState(
	ctx context.Context, req *p6.ImportResourceStateRequest,
) (*p6.ImportResourceStateResponse, error) {
	return respond(ctx, req, s.next.ImportResourceState)
}

func (s *server) MoveResourceState(
	ctx context.Context, req *p6.MoveResourceStateRequest,
) (*p6.MoveResourceStateResponse, error) {
	return respond(ctx, req, s.next.MoveResourceState)
}

func (s *server) GenerateResourceConfig(
	ctx context.Context, req *p6.GenerateResourceConfigRequest,
) (*p6.GenerateResourceConfigResponse, error) {
	return respond(ctx, req, s.next.GenerateResourceConfig)
}

func (s *server) ValidateDataResourceConfig(
	ctx context.Context, req *p6.ValidateDataResourceConfigRequest,
) (*p6.ValidateDataResourceConfigResponse, error) {
	return respond(ctx, req, s.next.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *p6.ReadDataSourceRequest) (*p6.ReadDataSourceResponse, error) {
	return respond(ctx, req, s.next.ReadDataSource)
}

func (s *server) ValidateListResourceConfig(
	ctx context.Context, req *p6.ValidateListResourceConfigRequest,
) (*p6.ValidateListResourceConfigResponse, error) {
	return respond(ctx, req, s.next.ValidateListResourceConfig)
}

func (s *server) ValidateActionConfig(
	ctx context.Context, req *p6.ValidateActionConfigRequest,
) (*p6.ValidateActionConfigResponse, error) {
	return respond(ctx, req, s.next.ValidateActionConfig)
}

func (s *server) PlanAction(ctx context.Context, req *p6.PlanActionRequest) (*p6.PlanActionResponse, error) {
	return respond(ctx, req, s.next.PlanAction)
}

func (s *server) ValidateEphemeralResourceConfig(
	ctx context.Context, req *p6.ValidateEphemeralResourceConfigRequest,
) (*p6.ValidateEphemeralResourceConfigResponse, error) {
	return respond(ctx, req, s.next.ValidateEphemeralResourceConfig)
}

func (s *server) OpenEphemeralResource(
	ctx context.Context, req *p6.OpenEphemeralResourceRequest,
) (*p6.OpenEphemeralResourceResponse, error) {
	return respond(ctx, req, s.next.OpenEphemeralResource)
}

func (s *server) RenewEphemeralResource(
	ctx context.Context, req *p6.RenewEphemeralResourceRequest,
) (*p6.RenewEphemeralResourceResponse, error) {
	return respond(ctx, req, s.next.RenewEphemeralResource)
}

func (s *server) CloseEphemeralResource(
	ctx context.Context, req *p6.CloseEphemeralResourceRequest,
) (*p6.CloseEphemeralResourceResponse, error) {
	return respond(ctx, req, s.next.CloseEphemeralResource)
}

func (s *server) CallFunction(ctx context.Context, req *p6.CallFunctionRequest) (*p6.CallFunctionResponse, error) {
	return respond(ctx, req, s.next.CallFunction)
}

func (s *server) GetFunctions(ctx context.Context, req *p6.GetFunctionsRequest) (*p6.GetFunctionsResponse, error) {
	return respond(ctx, req, s.next.GetFunctions)
}
