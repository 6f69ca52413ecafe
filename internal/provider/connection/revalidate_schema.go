package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const revalidateDescription = `
Re-validates a connection that is signed in to with OAuth: the control plane signs in again, proves who signed in and
reads the metadata of the CRM anew. It fails with the fault's title, the target system's own words and what to do next,
and then what was stored before stays in force.

It uses the stored credentials, unless others are given in the attribute named after the target system, which are stored
if they work. Where there are no actions, ` + "`revalidation_trigger`" + ` of the resource does the same.
`

func revalidateSchema(ctx context.Context, systems []*target.System) schema.Schema {
	attributes := map[string]schema.Attribute{
		"connection_id": schema.StringAttribute{Required: true, MarkdownDescription: "Id of the connection to re-validate."},
		"timeouts":      timeouts.Attributes(ctx),
	}
	for _, system := range systems {
		fields := map[string]schema.Attribute{}
		for _, f := range system.Secrets() {
			fields[attributeName(f)] = schema.StringAttribute{
				Optional: true, WriteOnly: true, MarkdownDescription: describeField(f),
				Validators: []validator.String{fieldValidator{field: f}},
			}
		}
		attributes[system.Name] = schema.SingleNestedAttribute{
			Optional: true, Attributes: fields,
			MarkdownDescription: fmt.Sprintf("Credentials of %s to sign in with, and to store, instead of the stored ones.", system.Title),
		}
	}
	return schema.Schema{MarkdownDescription: revalidateDescription, Attributes: attributes}
}

// revalidation is the configuration of the action.
type revalidation struct {
	connectionID types.String
	timeouts     timeouts.Value
	// given are the target systems that secrets are given for, and system the first of them; nil for none.
	given  []string
	system *target.System
	// credentials are its secrets, and unknown the names of those that are not known yet.
	credentials target.Credentials
	unknown     []string
}

// read takes the configuration apart.
func (a *revalidateAction) read(ctx context.Context, from source, diags *diag.Diagnostics) revalidation {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	attributes := object.Attributes()
	c := revalidation{
		connectionID: value[types.String](attributes, "connection_id"),
		timeouts:     value[timeouts.Value](attributes, "timeouts"),
	}
	for _, system := range a.systems {
		nested := value[types.Object](attributes, system.Name)
		if nested.IsNull() {
			continue
		}
		c.given = append(c.given, system.Name)
		if c.system == nil {
			c.system = system
			c.credentials, c.unknown = model{Systems: map[string]types.Object{system.Name: nested}}.secrets(system)
		}
	}
	return c
}

// validate asks for one target system at most, and for a secret of it.
func (c *revalidation) validate(diags *diag.Diagnostics) {
	switch {
	case len(c.given) > 1:
		diags.AddAttributeError(path.Root(c.given[1]), tfdiag.TitleOneSystem,
			"A connection is to one target system: give secrets of that one only.")
	case c.system != nil && len(c.credentials)+len(c.unknown) == 0:
		diags.AddAttributeError(path.Root(c.system.Name), tfdiag.TitleNoSecretForAction, fmt.Sprintf(
			"%s is given, but none of its secrets has a value. To use the stored credentials, leave %s out.\n\nIf a secret is an "+
				"ephemeral value, this version of Terraform does not hand it over to an action that is invoked: change "+
				"revalidation_trigger of the resource instead, which is re-validated with the configured secrets.",
			c.system.Name, c.system.Name))
	}
}
