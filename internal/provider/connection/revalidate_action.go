package connection

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
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

// revalidateAction is riva_revalidate_connection. It signs in again and reads the metadata again. It has no secrets: attributes
// of actions can be neither sensitive nor write-only (plugin framework 1.19 rejects any value of a write-only one), so a
// secret would be written into saved plans. The resource stores the configured secrets.
type revalidateAction struct{ entity.Action }

type revalidateModel struct {
	ConnectionID types.String   `tfsdk:"connection_id"`
	Interactive  types.Bool     `tfsdk:"interactive"`
	Timeouts     timeouts.Value `tfsdk:"timeouts"`
}

const revalidateDescription = `
Re-validates a connection that uses OAuth: the control plane signs in again, checks which account signed in and reads the
metadata of the CRM again. If it fails, the error has the title of the fault, the target system's own message and the next
steps, and the stored credentials stay in force. It reports its steps before it runs them, every ten seconds what it waits
for, and at the end the result.

It uses the stored credentials. After an update of the resource, these are the configured ones. An action has no secrets of
its own, since Terraform would write them into saved plans: to sign in with a new token, configure it in the resource, which
stores it if it works.

With ` + "`interactive = true`" + `, and if no credentials are stored, a person signs in instead. The action reports the link or
the command, waits up to its timeout, and reports failed attempts. It ends with the result of the connection test. It joins a
sign-in that is open already. After a timeout or a cancel, it cancels the sign-in that it requested. The stored credentials stay
in force.
` + triggerDescription + `
Actions need Terraform 1.14. With older versions and with OpenTofu, use ` + "`revalidation_trigger`" + ` of the resource.
`

// NewRevalidateAction returns the action riva_revalidate_connection.
func NewRevalidateAction() action.Action {
	return &revalidateAction{entity.Action{Type: "riva_revalidate_connection"}}
}

// Schema declares the attributes.
func (a *revalidateAction) Schema(ctx context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: revalidateDescription,
		Attributes: map[string]schema.Attribute{
			"connection_id": schema.StringAttribute{
				Required: true, MarkdownDescription: "Id of the connection to re-validate.",
			},
			"interactive": schema.BoolAttribute{
				Optional: true,
				MarkdownDescription: "Wait for a person who signs in with a browser, although credentials are stored (default " +
					"`false`). Without stored credentials, the action waits in any case.",
			},
		},
		Blocks: map[string]schema.Block{"timeouts": actionTimeouts(ctx)},
	}
}

// Invoke re-validates with the stored credentials, or waits for a person.
func (a *revalidateAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var config revalidateModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	checkConnectionID(config.ConnectionID, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, "invoke", config.Timeouts.Invoke, &resp.Diagnostics)
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
			notRevalidatedText(system, "the action riva_revalidate_connection"))
		return
	}
	interactive := config.Interactive.ValueBool()
	if interactive || connection.Status == api.StatusBlank && system != nil && system.Authorize != nil {
		a.waitForPerson(ctx, personWait{
			access: a.Access, reporter: reporter, connection: connection, system: system,
		}, &resp.Diagnostics)
		return
	}
	steps := steps(system)
	reporter.Reportf("Re-validating the connection %q (%s): signing in with the stored credentials. Steps: %s.",
		connection.Name, connection.System, steps)
	reporter.StartWaitingf("%s", steps)
	result, err := a.Access.Client.Revalidate(ctx, connection.ID, 0, api.Revalidate{})
	if err != nil {
		reportNotRevalidated(&connection, err, &resp.Diagnostics)
		return
	}
	showConnectionWarnings(a.Access, result.Connection, &resp.Diagnostics)
	reporter.Reportf("%s", metadataLine(&result))
	reporter.Reportf("%s", result.Message)
}

// waitForPerson joins the sign-in that is open, or requests one, and waits for the person.
func (a *revalidateAction) waitForPerson(ctx context.Context, w personWait, diags *diag.Diagnostics) {
	if w.system != nil && w.system.Authorize == nil {
		diags.AddAttributeError(path.Root("interactive"), tfdiag.TitleInvalid, fmt.Sprintf(
			"%s does not support the sign-in of a person. Remove interactive.", w.system.Title))
		return
	}
	instance, err := a.Access.Client.Instance(ctx)
	if err == nil && !slices.Contains(instance.Capabilities, api.CapabilityAuthorizations) {
		diags.AddError(tfdiag.TitleServerTooOld, fmt.Sprintf("The sign-in of a person is not supported by version %s of the control "+
			"plane (%s), but by version %s of the provider. Update the control plane, or configure a secret in the resource.",
			instance.Version, a.Access.Location, a.Access.Version))
		return
	}
	if err == nil && w.connection.AuthorizationID != "" {
		w.last, err = a.Access.Client.Revalidation(ctx, w.connection.ID, w.connection.AuthorizationID)
	} else if err == nil {
		w.last, err = a.Access.Client.Revalidate(ctx, w.connection.ID, 0, api.Revalidate{Interactive: true})
		w.own = true
	}
	if err != nil {
		reportNotRevalidated(&w.connection, err, diags)
		return
	}
	w.run(ctx, diags)
}

// reportNotRevalidated reports that a re-validation failed.
func reportNotRevalidated(c *api.Connection, err error, diags *diag.Diagnostics) {
	tfdiag.Operation{
		Name:       fmt.Sprintf("re-validate the connection %q (%s)", c.Name, c.ID),
		SideEffect: "What was stored before stays in force.",
	}.Report(diags, err)
}

// system finds a target system. It is nil if this version of the provider does not support it.
func (a *revalidateAction) system(name string) *target.System {
	system, _ := a.Access.Systems.Find(name)
	return system
}

// notRevalidatedText is the message that a target system does not support re-validation.
func notRevalidatedText(system *target.System, remove string) string {
	return fmt.Sprintf("%s does not support re-validation. Remove %s, and update the credentials instead.",
		system.Title, remove)
}

// steps lists the steps of the re-validation, which is one call.
func steps(system *target.System) string {
	if system != nil && system.Offers(target.Metadata) {
		return "sign_in, identity, general, metadata"
	}
	return "sign_in, identity, general"
}

// metadataLine is the result of reading the metadata, as a line.
func metadataLine(r *api.Revalidation) string {
	switch {
	case r.MetadataRefreshedAt == nil:
		return "Signed in; the target system has no metadata to read."
	case r.MetadataChanged:
		return "Signed in and read the metadata, which has changed."
	}
	return "Signed in and read the metadata, which has not changed."
}
