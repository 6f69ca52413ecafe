package connection

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The values of deletion_policy.
const (
	deletionDelete  = "delete"
	deletionAbandon = "abandon"
)

const resourceDescription = `
A connection to a target system: the CRM or the email system that Riva signs in to. It has exactly one block named after a
target system; another system requires another connection.

The secrets are write-only: Terraform does not store them in plans or state. The plan compares them with the ones last submitted.
So a rotated password is detected without a version number, and so is a password that was changed outside Terraform. Credentials
are tested before they replace anything: if they are wrong, the apply fails and the connection keeps working.

A new connection without complete secrets waits for a person, if its target system supports that: the plan and the apply show
what to run. The connection cannot be used before the person has signed in. The sign-in causes no difference in the next plan.

A connection that a sync policy has used cannot be deleted. The plan reports that; see ` + "`deletion_policy`" + `.
`

// timeoutsBlock is the name of the block that is not that of a target system.
const timeoutsBlock = "timeouts"

// Blocks are the names of the blocks of the resource.
func Blocks(systems []*target.System) []string { return append(names(systems), timeoutsBlock) }

// resourceSchema has some of the blocks.
func resourceSchema(ctx context.Context, systems []*target.System, only []string) schema.Schema {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the connection."},
		"name": schema.StringAttribute{
			Required: true, Validators: validators.Name(),
			MarkdownDescription: "Display name, at most 200 characters, unique regardless of letter case.",
		},
		"verify_credentials": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			MarkdownDescription: "Test new credentials and changed settings before they are stored. Default: `true`. " +
				"Credentials stored without a test are blanked if their first test is rejected.",
		},
		"credentials_wo_version": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "If set, the credentials are not compared. They are sent again only if this value changes, or a " +
				"setting that requires them. Use it for secrets that differ in every run. A first value is only recorded.",
		},
		"revalidation_trigger": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Any change of an existing value re-validates the connection: the control plane signs in again with " +
				"the configured secrets, and reads the metadata again. Without complete secrets, a person signs in, and the " +
				"stored credentials stay in force until then. For target systems with OAuth" + revalidating(systems) +
				". A first value is only recorded.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(deletionDelete),
			Validators: []validator.String{stringvalidator.OneOf(deletionDelete, deletionAbandon)},
			MarkdownDescription: "What a destroy does. `\"delete\"` (default) deletes the connection, which fails if a sync policy " +
				"has used it. `\"abandon\"` only removes it from the state: it stays on the control plane. A destroy uses the state " +
				"alone, so apply a change of this attribute before destroying.",
		},

		"system":           schema.StringAttribute{Computed: true, MarkdownDescription: "Target system."},
		"kind":             schema.StringAttribute{Computed: true, MarkdownDescription: "Side of the sync: `crm` or `email`."},
		"created_at":       timestamp("When the connection was created."),
		"last_modified_at": timestamp("When name, settings or credentials last changed. Tests and cycles do not count."),
		"credentials_updated_at": timestamp(
			"When credentials were last stored. Unknown in a plan that may send them."),
		"metadata_refreshed_at": timestamp("When the metadata of a CRM was last read; null for target systems without metadata."),
	}
	blocks := map[string]schema.Block{}
	if slices.Contains(only, timeoutsBlock) {
		blocks[timeoutsBlock] = controlplane.ResourceTimeouts(ctx)
	}
	for _, system := range systems {
		if slices.Contains(only, system.Name) {
			blocks[system.Name] = systemBlock(system)
		}
	}
	return schema.Schema{MarkdownDescription: resourceDescription, Attributes: attributes, Blocks: blocks}
}

// revalidating lists the target systems that support re-validation, in parentheses.
func revalidating(systems []*target.System) string {
	var names []string
	for _, system := range systems {
		if system.Revalidates {
			names = append(names, "`"+system.Name+"`")
		}
	}
	if names == nil {
		return ""
	}
	return " (" + strings.Join(names, ", ") + ")"
}

func timestamp(what string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: what + " RFC 3339."}
}

// systemBlock derives the block of a target system from its declaration. All settings are optional in it: the framework reports
// a required one even if its block is absent. The validation requires them (see validateRequired). Secrets are write-only and
// sensitive as well, though neither plan nor state has them: else Terraform plans an update after an import, since the value of a
// sensitive variable is sensitive, and the absent secret in the state is not.
func systemBlock(system *target.System) schema.SingleNestedBlock {
	fields := make(map[string]schema.Attribute, len(system.Fields))
	for _, f := range system.Fields {
		fields[attributeName(f)] = schema.StringAttribute{
			Optional:            true,
			Sensitive:           f.Secret,
			WriteOnly:           f.Secret,
			Validators:          []validator.String{fieldValidator{field: f}},
			MarkdownDescription: describeField(f),
		}
	}
	return schema.SingleNestedBlock{
		Attributes:          fields,
		MarkdownDescription: strings.TrimSpace(fmt.Sprintf("Connects to %s. %s", system.Title, system.Description)),
	}
}

// attributeName is the name of a field in a configuration. The suffix of secrets is Terraform's convention for write-only
// attributes.
func attributeName(f target.Field) string {
	if f.Secret {
		return f.Name + "_wo"
	}
	return f.Name
}

func describeField(f target.Field) string {
	text := []string{f.Help}
	if len(f.Allowed) > 0 {
		text = append(text, "One of `"+strings.Join(f.Allowed, "`, `")+"`.")
	}
	for _, value := range slices.Sorted(maps.Keys(f.Deprecated)) {
		text = append(text, "Deprecated: `"+value+"`.")
	}
	if f.Default != "" {
		text = append(text, "Default: `"+f.Default+"`.")
	}
	switch {
	case f.Binds:
		text = append(text, "Stored credentials are bound to it: a change requires the configured ones and sends them again.")
	case f.Type == target.Certificates && f.Weakens != nil:
		text = append(text, "Stored credentials are bound to it: an added or changed certificate requires the configured ones and "+
			"sends them again. Removing one does not.")
	case f.Weakens != nil:
		text = append(text, "Stored credentials are bound to it: a weaker value requires the configured ones and sends them again. "+
			"A stronger one does not.")
	}
	if f.Secret {
		text = append(text, "Write-only.")
	}
	return strings.Join(text, " ")
}
