package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/progress"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

var _ action.ActionWithConfigure = (*revalidateAction)(nil)

// revalidateAction is riva_revalidate_connection: it signs in again and has the metadata read anew. It takes no secrets:
// attributes of actions can be neither sensitive nor write-only (plugin framework 1.19 refuses any value of a write-only
// one), so that a secret would be written into saved plans. Those of the configuration are stored by the resource.
type revalidateAction struct{ entity.Action }

type revalidateModel struct {
	ConnectionID types.String   `tfsdk:"connection_id"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

const revalidateDescription = `
Re-validates a connection that is signed in to with OAuth: the control plane signs in again, proves who signed in and
reads the metadata of the CRM anew. It fails with the fault's title, the target system's own words and what to do next,
and then what was stored before stays in force. It says its steps before, every ten seconds what it still waits for, and at
the end what came of them.

It uses the stored credentials. Triggered after an update of the resource, these are the configured ones. An action takes
no secrets itself, since Terraform would write them into saved plans: to sign in with a new token, give it to the
resource, which stores it if it works.
` + triggeredMeaning + `
Actions need Terraform 1.14. Where there are none, ` + "`revalidation_trigger`" + ` of the resource does the same.
`

// NewRevalidateAction makes the action riva_revalidate_connection.
func NewRevalidateAction() action.Action {
	return &revalidateAction{entity.Action{Type: "riva_revalidate_connection"}}
}

// Schema describes what is asked.
func (a *revalidateAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: revalidateDescription,
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id of the connection to re-validate.",
				Validators: controlplane.Connections.ID(),
			},
			"timeouts": actionTimeouts(ctx),
		},
	}
}

// Invoke re-validates with the stored credentials.
func (a *revalidateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config revalidateModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	ctx, cancel := controlplane.WithTimeout(ctx, config.Timeouts.Invoke, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	reporter, end := progress.Begin(ctx, resp, "the control plane")
	defer end()
	connection, ok := find(ctx, a.Access, config.ConnectionID.ValueString(), &resp.Diagnostics)
	if !ok {
		return
	}
	system := a.system(connection.System)
	if system != nil && !system.Revalidates {
		resp.Diagnostics.AddAttributeError(path.Root("connection_id"), tfdiag.TitleInvalid,
			notRevalidated(system, "the action riva_revalidate_connection"))
		return
	}
	steps := steps(system)
	reporter.Report("Re-validating the connection %q (%s): signing in with the stored credentials. Steps: %s.",
		connection.Name, connection.System, steps)
	reporter.StartWaiting("%s", steps)
	result, err := a.Access.Client.Revalidate(ctx, connection.ID, 0, api.Revalidate{})
	if err != nil {
		tfdiag.Operation{
			Name:       fmt.Sprintf("re-validate the connection %q (%s)", connection.Name, connection.ID),
			SideEffect: "What was stored before stays in force.",
		}.Report(&resp.Diagnostics, err)
		return
	}
	warn(a.Access, result.Connection, &resp.Diagnostics)
	reporter.Report("%s", metadataLine(&result))
	reporter.Report("%s", result.Message)
}

// system finds a target system; nil if this version of the provider does not know it.
func (a *revalidateAction) system(name string) *target.System {
	system, _ := a.Access.Systems.Find(name)
	return system
}

// notRevalidated refuses what only OAuth systems have, in the same words wherever it is asked for.
func notRevalidated(system *target.System, leaveOut string) string {
	return fmt.Sprintf("Connections to %s are not re-validated: leave %s out, and give the new secret to mend one.",
		system.Title, leaveOut)
}

// steps are those of one call, whose answer tells of all: none is known to have ended before.
func steps(system *target.System) string {
	if system != nil && system.Offers(target.Metadata) {
		return "sign_in, identity, general, metadata"
	}
	return "sign_in, identity, general"
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
