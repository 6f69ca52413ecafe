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
A connection to a target system: the CRM or the email system that Riva signs in to. It is tested before anything is stored, and
keeps its secrets out of plans and state.
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
			MarkdownDescription: "Test new credentials and changed settings before they are stored (default `true`).",
		},
		"credentials_wo_version": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "If set, the credentials are sent again only if this value changes, or a setting that they " +
				"are bound to; they are not compared. Use it for secrets that differ in every run.",
		},
		"revalidation_trigger": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Re-validates the connection when an existing value changes: the control plane signs in again, and " +
				"reads the metadata again" + revalidating(systems) + ". Without complete secrets, a person signs in.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(deletionDelete),
			Validators: []validator.String{stringvalidator.OneOf(deletionDelete, deletionAbandon)},
			MarkdownDescription: "What a destroy does: `\"delete\"` (default) deletes the connection, `\"abandon\"` only " +
				"removes it from the state. Apply a change of this attribute before you destroy.",
		},

		"system":           schema.StringAttribute{Computed: true, MarkdownDescription: "Target system."},
		"kind":             schema.StringAttribute{Computed: true, MarkdownDescription: "Side of the sync: `crm` or `email`."},
		"created_at":       timestamp("When the connection was created (RFC 3339)."),
		"last_modified_at": timestamp("When name, settings or credentials last changed (RFC 3339). Tests and cycles do not count."),
		"credentials_updated_at": timestamp(
			"When credentials were last stored (RFC 3339). Unknown in a plan that may send them."),
		"metadata_refreshed_at": timestamp(
			"When the metadata of a CRM was last read (RFC 3339); null for target systems without metadata."),
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
	return schema.StringAttribute{Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: what}
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

// describeField returns the help of a field. What the declaration also has follows in parentheses.
func describeField(f target.Field) string {
	var facts []string
	if len(f.Allowed) > 0 {
		facts = append(facts, "one of `"+strings.Join(f.Allowed, "`, `")+"`")
	}
	for _, value := range slices.Sorted(maps.Keys(f.Deprecated)) {
		facts = append(facts, "deprecated: `"+value+"`")
	}
	if f.Default != "" {
		facts = append(facts, "default `"+f.Default+"`")
	}
	if f.BindsCredentials() {
		facts = append(facts, "binds the credentials")
	}
	if facts == nil {
		return f.Help
	}
	return strings.TrimSuffix(f.Help, ".") + " (" + strings.Join(facts, "; ") + ")."
}
