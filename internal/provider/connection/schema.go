package connection

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// What destroying the resource does.
const (
	deletionDelete  = "delete"
	deletionAbandon = "abandon"
)

const resourceDescription = `
A connection to a target system: the CRM or the email system that Riva signs in to. Exactly one attribute named after a
target system is given; another system is another connection. Mind the spelling within its braces: Terraform drops an optional
setting that it does not know there without a word.

The secrets are write-only: Terraform passes them on and keeps them neither in plans nor in state. Whether they are still
the ones last submitted is asked at plan, so a rotated password shows as a change without any version number, and so does
one that was changed elsewhere. Credentials are tested before they replace anything: a wrong one fails the apply and
leaves the connection working.

A connection that a sync policy has used cannot be deleted, which a plan says already; see ` + "`deletion_policy`" + `.
`

func resourceSchema(ctx context.Context, systems []*target.System) schema.Schema {
	attributes := map[string]schema.Attribute{
		"id": schema.StringAttribute{Computed: true, MarkdownDescription: "Id of the connection."},
		"name": schema.StringAttribute{
			Required: true, Validators: validators.Name(),
			MarkdownDescription: "Display name, unique regardless of letter case; 200 characters at most.",
		},
		"verify_credentials": schema.BoolAttribute{
			Optional: true, Computed: true, Default: booldefault.StaticBool(true),
			MarkdownDescription: "Test new credentials and changed settings before they are stored. Default: `true`. " +
				"Stored without a test, credentials are blanked when their first test is refused.",
		},
		"credentials_wo_version": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "When set, the credentials are sent again only when it changes, or when the system address or the " +
				"user name changes; they are not compared. For secrets that are different in every run. A first value is only " +
				"recorded.",
		},
		"revalidation_trigger": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Any change of an existing value re-validates the connection: the control plane signs in again, with " +
				"the configured secrets or else with the stored ones, and reads the metadata anew. For target systems that are " +
				"signed in to with OAuth" + revalidating(systems) + ". A first value is only recorded.",
		},
		"deletion_policy": schema.StringAttribute{
			Optional: true, Computed: true, Default: stringdefault.StaticString(deletionDelete),
			Validators: []validator.String{stringvalidator.OneOf(deletionDelete, deletionAbandon)},
			MarkdownDescription: "What destroying does. `\"delete\"` (default) deletes the connection, which is refused if a sync " +
				"policy has used it. `\"abandon\"` only forgets it: it stays on the control plane. A destroy looks at the state " +
				"alone, so apply a change of this before destroying.",
		},
		"timeouts": timeouts.AttributesAll(ctx),

		"system":           schema.StringAttribute{Computed: true, MarkdownDescription: "Target system."},
		"kind":             schema.StringAttribute{Computed: true, MarkdownDescription: "Side of the sync: `crm` or `email`."},
		"created_at":       timestamp("When the connection was created."),
		"last_modified_at": timestamp("When name, settings or credentials last changed. Tests and cycles do not count."),
		"credentials_updated_at": timestamp(
			"When credentials were last stored. Unknown in a plan that may send them."),
		"metadata_refreshed_at": timestamp("When the metadata of a CRM was last read; null for target systems without any."),
	}
	for _, system := range systems {
		attributes[system.Name] = systemAttribute(system)
	}
	return schema.Schema{MarkdownDescription: resourceDescription, Attributes: attributes}
}

// revalidating lists the target systems whose connections are re-validated, in parentheses.
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

// systemAttribute derives the nested attribute of a target system from its declaration.
func systemAttribute(system *target.System) schema.SingleNestedAttribute {
	fields := make(map[string]schema.Attribute, len(system.Fields))
	for _, f := range system.Fields {
		fields[attributeName(f)] = schema.StringAttribute{
			Required:            f.Required && !f.Secret,
			Optional:            !f.Required || f.Secret,
			Sensitive:           f.Secret,
			WriteOnly:           f.Secret,
			Validators:          []validator.String{fieldValidator{field: f}},
			MarkdownDescription: describeField(f),
		}
	}
	return schema.SingleNestedAttribute{
		Optional: true, Attributes: fields,
		MarkdownDescription: strings.TrimSpace(fmt.Sprintf("Connects to %s. %s", system.Title, system.Description)),
	}
}

// attributeName is what a field is called in a configuration. The suffix of secrets is Terraform's convention for
// write-only attributes.
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
	if f.Binds {
		text = append(text, "Stored credentials belong to it: a change sends the configured ones along, and needs them.")
	}
	if f.Secret {
		text = append(text, "Write-only.")
	}
	return strings.Join(text, " ")
}
