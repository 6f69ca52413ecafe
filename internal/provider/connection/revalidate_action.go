package connection

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

var (
	_ action.ActionWithConfigure      = (*revalidateAction)(nil)
	_ action.ActionWithValidateConfig = (*revalidateAction)(nil)
)

// revalidateAction is riva_revalidate_connection: it signs in again and has the metadata read anew.
type revalidateAction struct {
	// systems are those whose connections are re-validated.
	systems []*target.System
	access  *controlplane.Access
}

// NewRevalidateAction makes the constructor of the action riva_revalidate_connection.
func NewRevalidateAction(systems []*target.System) func() action.Action {
	return func() action.Action {
		others := func(s *target.System) bool { return !s.Revalidates }
		return &revalidateAction{systems: slices.DeleteFunc(slices.Clone(systems), others)}
	}
}

// Metadata names the action.
func (a *revalidateAction) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = "riva_revalidate_connection"
}

// Schema has an attribute with secrets for each target system whose connections are re-validated.
func (a *revalidateAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = revalidateSchema(ctx, a.systems)
}

// Configure takes over the way to the control plane.
func (a *revalidateAction) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.access = controlplane.FromProvider(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig asks for secrets where a target system is named, and for one of them at most.
func (a *revalidateAction) ValidateConfig(
	ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse,
) {
	config := a.read(ctx, req.Config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		config.validate(&resp.Diagnostics)
	}
}

// Invoke re-validates, with the secrets that are given or else with those stored.
func (a *revalidateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	config := a.read(ctx, req.Config, &resp.Diagnostics)
	ctx, cancel := controlplane.Bound(ctx, config.timeouts.Invoke, &resp.Diagnostics)
	defer cancel()
	if !resp.Diagnostics.HasError() {
		// Once more: what was an ephemeral value when it was validated can be missing by now.
		config.validate(&resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	connection, ok := find(ctx, a.access, config.connectionID.ValueString(), &resp.Diagnostics)
	if !ok || !config.isFor(&connection, &resp.Diagnostics) {
		return
	}
	say := controlplane.Progress(ctx, resp)
	with := "the stored credentials"
	if config.system != nil {
		with = "the credentials given"
	}
	say("Re-validating the connection %q (%s): signing in with %s.", connection.Name, connection.System, with)
	result, err := a.access.Client.Revalidate(ctx, connection.ID, 0, api.Revalidate{Credentials: config.credentials})
	if err != nil {
		tfdiag.Attempt{
			Doing: fmt.Sprintf("re-validate the connection %q (%s)", connection.Name, connection.ID),
			Left:  "What was stored before stays in force.", Locate: locate(config.system),
		}.Report(&resp.Diagnostics, err)
		return
	}
	warn(a.access, result.Connection, &resp.Diagnostics)
	say("%s", metadataLine(&result))
	say("%s", result.Message)
}

// isFor reports secrets of another target system than the connection's.
func (c *revalidation) isFor(connection *api.Connection, diags *diag.Diagnostics) bool {
	if c.system == nil || c.system.Name == connection.System {
		return true
	}
	diags.AddAttributeError(path.Root(c.system.Name), tfdiag.TitleInvalid, fmt.Sprintf(
		"The connection %q is to %s, and these are secrets of %s.", connection.Name, connection.System, c.system.Name))
	return false
}

// metadataLine tells what became of the metadata.
func metadataLine(r *api.Revalidation) string {
	switch {
	case r.MetadataRefreshedAt == nil:
		return "Signed in; the target system has no metadata to read."
	case r.MetadataChanged:
		return "Signed in and read the metadata, which has changed."
	}
	return "Signed in and read the metadata, which has not changed."
}
