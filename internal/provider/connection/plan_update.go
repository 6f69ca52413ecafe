package connection

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// planUpdate detects changes, changed secrets included, and plans the attributes that become unknown.
func (r *connectionResource) planUpdate(
	ctx context.Context, system *target.System, config, plan, state model, resp *resource.ModifyPlanResponse,
) {
	c := r.change(ctx, system, config, plan, state, resp.Private, &resp.Diagnostics)
	requireSecrets(c, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.warnReplaced(plan, c, &resp.Diagnostics)
	if r.planSignIn(ctx, plan, &c, &resp.Diagnostics); resp.Diagnostics.HasError() {
		return
	}
	modified, credentials, metadata := state.LastModifiedAt, state.CredentialsUpdatedAt, state.MetadataRefreshedAt
	if c.needsUpdate() || c.mayNeedUpdate(plan, state) {
		modified = timetypes.NewRFC3339Unknown()
		if c.hasSecrets() {
			credentials = timetypes.NewRFC3339Unknown()
		}
		if system.Offers(target.Metadata) {
			metadata = timetypes.NewRFC3339Unknown()
		}
	}
	for attribute, v := range map[string]struct{ planned, before timetypes.RFC3339 }{
		"created_at":             {plan.CreatedAt, state.CreatedAt},
		"last_modified_at":       {plan.LastModifiedAt, modified},
		"credentials_updated_at": {plan.CredentialsUpdatedAt, credentials},
		"metadata_refreshed_at":  {plan.MetadataRefreshedAt, metadata},
	} {
		if !v.planned.Equal(v.before) {
			set(ctx, resp, attribute, v.before)
		}
	}
	// Attributes that other resources refer to never become unknown, so that those are not planned again.
	if plan.ID.IsUnknown() {
		set(ctx, resp, "id", state.ID)
		set(ctx, resp, "system", state.System)
		set(ctx, resp, "kind", state.Kind)
	}
}

// planSignIn plans the sign-in of a person that the update starts, or warns about one that the connection waits for. Complete
// credentials end it.
func (r *connectionResource) planSignIn(ctx context.Context, plan model, c *change, diags *diag.Diagnostics) {
	switch {
	case c.person:
		r.planPerson(ctx, c.system, plan, "revalidation_trigger changes, and no complete credentials are configured to sign in with. "+
			"The stored credentials, if any, stay in force until a person has signed in.", diags)
	case c.stored != nil && (c.sendCredentials != decisionYes || c.waits):
		waiting := *c.stored
		waiting.Settings, _ = plan.settings(c.system)
		r.warnWaiting(ctx, &waiting, diags)
	}
}

// mayNeedUpdate reports whether an update of Terraform's own attributes, such as deletion_policy, can become an update of the
// connection. Terraform plans again at apply, and a comparison of secrets can have another result then. An attribute that
// was planned as known must not change.
func (c *change) mayNeedUpdate(plan, state model) bool {
	return !plan.localAttributes.equal(state.localAttributes) && c.hasSecrets() && plan.CredentialsVersion.IsNull()
}

// requireSecrets rejects changes that require the credentials in the same apply.
func requireSecrets(c change, diags *diag.Diagnostics) {
	if c.versionChanged && !c.hasSecrets() {
		diags.AddAttributeError(path.Root("credentials_wo_version"), tfdiag.TitleVersionNoSecret,
			"credentials_wo_version changed, which sends the configured credentials, but none are configured. Set "+
				grantsText(c.system)+".")
	}
	if c.hasSecrets() && !c.waits || c.mayRebind {
		return
	}
	for _, name := range c.boundSettings {
		diags.AddAttributeError(path.Root(c.system.Name).AtName(name), tfdiag.TitleCredentialsBound, fmt.Sprintf(
			"%s changes. Stored credentials are bound to the settings that decide where and how they are sent, so the change "+
				"requires them again: set %s. Changed: %s.%s", name, grantsText(c.system), strings.Join(c.boundSettings, ", "),
			rebindHint(c.system)))
	}
}

// rebindHint says how a person can sign in for the changed settings.
func rebindHint(system *target.System) string {
	if system.Authorize == nil {
		return ""
	}
	return "\n\nA person cannot sign in as part of such a change. To let a person sign in with the changed settings, replace the " +
		"connection: terraform apply -replace=ADDRESS, with the address of this resource."
}
