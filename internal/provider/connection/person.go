package connection

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// isPending reports whether a person must sign in before the connection can be used for the first time.
func isPending(c *api.Connection) bool { return c.Status == api.StatusBlank && c.Fault == nil }

// isCompletedByPerson reports whether credentials are what only the sign-in of a person completes: none, or for example the
// secret of an app. Without any, those that are stored can be used with it.
func isCompletedByPerson(system *target.System, settings target.Settings, credentials target.Credentials) bool {
	return system.Authorize != nil && (len(credentials) == 0 || system.Waits(settings, credentials))
}

// expectedPerson is the user name of who must sign in; empty if it is not known yet.
func expectedPerson(system *target.System, settings target.Settings) string {
	return system.ExpectedPerson(target.Account{System: system, Settings: settings}).Username
}

// signInText completes a sentence: where a person signs in, and as whom.
func signInText(system *target.System, settings target.Settings) string {
	if username := expectedPerson(system, settings); username != "" {
		return fmt.Sprintf("to %s as %s", system.Title, username)
	}
	return "to " + system.Title
}

// signInHint says what to do to sign in: open the link, if the control plane has pages, or run a command.
func signInHint(access *controlplane.Access, name string, link api.SecretURL) string {
	if link != "" {
		return "Open this link in a browser. It is a secret, since it can be used by anyone who has it:\n\n  " + string(link)
	}
	return "Run this command, which opens a browser or prints a link:\n\n  " + access.Command("authorize", name)
}

// planPerson plans a sign-in by a person: it checks that the control plane supports that, and warns with what to do after the
// apply. Why is the reason, as a sentence.
func (r *connectionResource) planPerson(
	ctx context.Context, system *target.System, plan model, why string, diags *diag.Diagnostics,
) {
	if r.checkPerson(ctx, system, diags); diags.HasError() {
		return
	}
	name := plan.Name.ValueString()
	title := fmt.Sprintf(tfdiag.TitleWillWait, name)
	if !r.Access.FirstTime(title) { // a replacement is planned twice
		return
	}
	settings, _ := plan.settings(system)
	var link string
	if !r.Access.Embedded {
		link = "The apply shows a link, if the control plane has pages for it and the configured client has the scope \"write\". "
	}
	diags.AddWarning(title, fmt.Sprintf("%s A person must sign in %s after the apply. %s%s",
		why, signInText(system, settings), link, signInHint(r.Access, name, "")))
}

// checkPerson checks that the control plane supports the sign-in of a person.
func (r *connectionResource) checkPerson(ctx context.Context, system *target.System, diags *diag.Diagnostics) {
	if r.Access.Missing() { // this version of the provider makes it
		return
	}
	instance, err := r.Access.Client.Instance(ctx)
	if err != nil {
		tfdiag.Operation{Name: "read the capabilities of the control plane"}.Report(diags, err)
		return
	}
	if !slices.Contains(instance.Capabilities, api.CapabilityAuthorizations) {
		diags.AddAttributeError(path.Root(system.Name), tfdiag.TitleServerTooOld, fmt.Sprintf(
			"No secret is configured that is complete, so a person must sign in to %s. Version %s of the control plane (%s) does not "+
				"support that, but version %s of the provider does. Update the control plane, or set %s.",
			system.Title, instance.Version, r.Access.Location, r.Access.Version, grantsText(system)))
	}
}

// warnWaiting warns about a connection that waits for a person to sign in, with what to do.
func (r *connectionResource) warnWaiting(ctx context.Context, c *api.Connection, diags *diag.Diagnostics) {
	system := r.system(c.System)
	if system == nil || system.Authorize == nil || c.AuthorizationID == "" && !isPending(c) {
		return
	}
	title := fmt.Sprintf(tfdiag.TitleWaits, c.Name)
	if r.Access.FirstTime(title) {
		diags.AddWarning(title, waitingText(system, c)+" "+signInHint(r.Access, c.Name, findLink(ctx, r.Access, c)))
	}
}

// waitingText says what a connection waits for, until when, and whether it works in the meantime.
func waitingText(system *target.System, c *api.Connection) string {
	meanwhile := "Until then, the stored credentials stay in force."
	if c.Status == api.StatusBlank {
		meanwhile = "Until then, the connection cannot be used."
	}
	signIn := signInText(system, target.Settings(c.Settings))
	if c.AuthorizationID == "" || c.AuthorizationExpiresAt == nil {
		return fmt.Sprintf("A person must sign in %s. The last sign-in has ended without success; the command starts another one. %s",
			signIn, meanwhile)
	}
	return fmt.Sprintf("A person must sign in %s before %s. %s",
		signIn, c.AuthorizationExpiresAt.UTC().Format(time.RFC3339), meanwhile)
}

// findLink returns the secret link of the sign-in that a connection waits for; empty if this client gets no link. Lists of
// connections, which most reads are, have no links.
func findLink(ctx context.Context, access *controlplane.Access, c *api.Connection) api.SecretURL {
	if c.AuthorizationURL != "" || c.AuthorizationID == "" || access.Embedded {
		return c.AuthorizationURL
	}
	found, err := access.Client.Revalidation(ctx, c.ID, c.AuthorizationID)
	if err != nil { // such as one that has ended since
		tflog.Warn(ctx, "cannot read the link of a sign-in", map[string]any{"error": err.Error()})
	}
	return found.AuthorizationURL
}

// personGrantsText lists what has to be configured for a sign-in by a person; empty if nothing has.
func personGrantsText(system *target.System) string {
	if system.Authorize == nil {
		return ""
	}
	var grants []string
	for _, grant := range system.Grants {
		secrets := slices.DeleteFunc(slices.Clone(grant.Secrets), func(name string) bool { return name == system.Authorize.Secret })
		if needed := slices.Concat(secrets, grant.Settings); len(secrets) < len(grant.Secrets) && len(needed) > 0 {
			grants = append(grants, strings.Join(attributeNames(system, needed), " with "))
		}
	}
	return strings.Join(grants, ", or ")
}
