package connection

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// change is the difference between a plan and the state.
type change struct {
	system *target.System
	// renamed and settings report what differs. A value that is not known yet counts as different.
	renamed, settings bool
	// boundSettings are the names of changed settings that require the credentials.
	boundSettings []string
	// revalidate: revalidation_trigger changed from one value to another, or to one that is not known yet.
	revalidate bool
	// person: a person re-validates, since no complete credentials are configured.
	person bool
	// stored is the connection as it is stored; nil for target systems that no person signs in to, and if it does not exist.
	stored *api.Connection
	// waits: the configured secrets are used once a person has signed in.
	waits bool
	// mayRebind: the credentials, if any, were never used, so they are not bound to settings.
	mayRebind bool
	// versionChanged: credentials_wo_version changed from one value to another.
	versionChanged bool
	// credentials are the configured secrets. Unknown are the names of secrets that are not known yet.
	credentials     target.Credentials
	unknown         []string
	sendCredentials decision
	// equal: the configured secrets are those that were submitted last.
	equal bool
	// why is the reason why the stored credentials are replaced, as a sentence; empty if they are not.
	why string
}

// decision is whether credentials are sent.
type decision int

const (
	decisionNo decision = iota
	// decisionUnknown: a secret is not known yet. The apply decides.
	decisionUnknown
	decisionYes
)

// needsUpdate reports whether the control plane has, or may have, something to change.
func (c *change) needsUpdate() bool {
	return c.renamed || c.settings || c.revalidate || c.sendCredentials != decisionNo
}

// hasSecrets reports whether the configuration has secrets, known or not.
func (c *change) hasSecrets() bool { return len(c.credentials)+len(c.unknown) > 0 }

// change determines the changes from the state to the plan. The configured secrets are compared with the stored ones, unless the
// result is known already.
func (r *connectionResource) change(
	ctx context.Context, system *target.System, config, plan, state model, private controlplane.PrivateReader,
	diags *diag.Diagnostics,
) change {
	c := change{system: system, renamed: !plan.Name.Equal(state.Name)}
	c.credentials, c.unknown = config.secrets(system)
	c.versionChanged = !state.CredentialsVersion.IsNull() && !plan.CredentialsVersion.IsNull() &&
		!plan.CredentialsVersion.Equal(state.CredentialsVersion)
	c.revalidate = !state.Trigger.IsNull() && !plan.Trigger.IsNull() && !plan.Trigger.Equal(state.Trigger)

	planned, unknown := plan.settings(system)
	before, _ := state.settings(system)
	c.settings = len(unknown) > 0 || !maps.Equal(planned, before)
	c.boundSettings = slices.DeleteFunc(system.Rebinds(before, planned), func(name string) bool {
		return slices.Contains(unknown, name)
	})
	if system.Authorize != nil {
		r.findSignIn(ctx, &c, planned, state, diags)
	}
	c.decide(plan, state, unknown)
	if c.sendCredentials == decisionNo && c.hasSecrets() && plan.CredentialsVersion.IsNull() {
		r.compare(ctx, &c, state, readDigest(ctx, private, diags), diags)
	}
	return c
}

// decide decides whether the credentials are sent, as far as that does not depend on a comparison. Unknown are the names of
// settings that are not known yet.
func (c *change) decide(plan, state model, unknown []string) {
	unknownBinding := slices.ContainsFunc(unknown, func(name string) bool {
		f, _ := c.system.Field(name)
		return f.BindsCredentials()
	})
	switch {
	case !c.hasSecrets():
	case c.versionChanged:
		c.sendCredentials, c.why = decisionYes, fmt.Sprintf("credentials_wo_version changes from %s to %s.",
			state.CredentialsVersion, plan.CredentialsVersion)
	case len(c.boundSettings) > 0 || unknownBinding:
		c.sendCredentials, c.why = decisionYes, c.bindingReason(unknown)
	case len(c.unknown) == 0 && !c.waits && c.stored != nil && isPending(c.stored):
		c.sendCredentials, c.why = decisionYes, "No person has signed in, and nothing is stored to sign in with."
	case !plan.CredentialsVersion.IsNull() && c.revalidate && !c.person: // with the configured secrets, since nothing is compared
		c.sendCredentials, c.why = decisionYes, "revalidation_trigger changes, and nothing is compared with credentials_wo_version."
	case !plan.CredentialsVersion.IsNull(): // only a change of the version sends
	case len(c.unknown) > 0:
		c.sendCredentials = decisionUnknown
	}
}

// findSignIn finds out whether a person is to sign in, or was.
func (r *connectionResource) findSignIn(
	ctx context.Context, c *change, planned target.Settings, state model, diags *diag.Diagnostics,
) {
	if len(c.unknown) == 0 {
		c.waits = c.hasSecrets() && c.system.Waits(planned, c.credentials)
		c.person = c.revalidate && isCompletedByPerson(c.system, planned, c.credentials)
	}
	found, err := r.Access.Client.RecentConnection(ctx, state.ID.ValueString())
	switch {
	case api.IsNotFound(err):
	case err != nil:
		tfdiag.Operation{Name: "check whether the " + describe(state) + " waits for a person"}.Report(diags, err)
	default:
		c.stored = &found
		c.mayRebind = isPending(&found) && (c.hasSecrets() || found.CredentialsUpdatedAt == nil)
	}
}

// bindingReason is the reason for a change of settings that the stored credentials are bound to.
func (c *change) bindingReason(unknown []string) string {
	if len(c.boundSettings) == 0 {
		return fmt.Sprintf("The value of %s is known after apply, and stored credentials are bound to it.", strings.Join(unknown, ", "))
	}
	return fmt.Sprintf("Stored credentials are bound to the settings that decide where and how they are sent. Changed: %s.",
		strings.Join(c.boundSettings, ", "))
}

// notCompared is about the warning that the client does not have the scope to compare.
const notCompared = "credentials are not compared"

// compare decides whether the credentials differ from those last submitted for the connection, and why they are sent then.
func (r *connectionResource) compare(
	ctx context.Context, c *change, state model, kept keptDigest, diags *diag.Diagnostics,
) {
	if r.Access.Warned(notCompared) { // the control plane would say so again
		return
	}
	id := state.ID.ValueString()
	result, err := r.compareHere(ctx, c, id, kept)
	if result == "" && err == nil {
		result, err = r.Access.Client.Compare(ctx, api.Comparison{ConnectionID: id, Credentials: c.credentials})
	}
	switch {
	case api.IsProblem(err, api.ProblemScope):
		if r.Access.FirstTime(notCompared) {
			diags.AddWarning(tfdiag.TitleComparisonNotAllowed, "The configured client of the control plane does not have the scope "+
				"\"compare\". So the provider cannot detect whether configured credentials differ from the stored ones, and "+
				"neither this plan nor an apply with this client sends changed ones.")
		}
	case err != nil:
		tfdiag.Operation{
			Name: "compare the credentials of the " + describe(state), AttributePath: attributePath(c.system),
		}.Report(diags, err)
	case result == "":
		diags.AddWarning(tfdiag.TitleComparisonLimit, fmt.Sprintf("Too many different credentials were compared for the %s within one "+
			"hour, so the control plane does not report whether the configured ones differ. Plan again later, or set "+
			"credentials_wo_version and change it to send them.", describe(state)))
	case result == api.Equal:
		c.equal = true
	default:
		c.sendCredentials, c.why = decisionYes, r.differenceReason(ctx, id)
	}
}

// differenceReason is the reason why the configured credentials are not the stored ones.
func (r *connectionResource) differenceReason(ctx context.Context, id string) string {
	if found, err := r.Access.Client.RecentConnection(ctx, id); err == nil && found.Status == api.StatusBlank {
		return "The target system rejected the stored credentials before they were ever verified, so they were deleted."
	}
	return "The configured credentials are not the ones that were last submitted for the connection."
}

// describe names a connection in messages.
func describe(m model) string {
	if m.ID.ValueString() == "" {
		return fmt.Sprintf("connection %q", m.Name.ValueString())
	}
	return fmt.Sprintf("connection %q (%s)", m.Name.ValueString(), m.ID.ValueString())
}
