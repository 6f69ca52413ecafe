package controlplane

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// identityKey is the only attribute of an identity.
const identityKey = "id"

// IdentitySchema declares the identity of an object: its id, which never changes. Terraform 1.12 and newer store it beside the
// state. Other unique attributes, such as a name, can change and are not part of the identity.
func IdentitySchema(object string, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		identityKey: identityschema.StringAttribute{
			RequiredForImport: true, Description: "Identifier of the " + object + ", assigned by the control plane.",
		},
	}}
}

// Identify writes an identity. Older versions of Terraform ignore it.
func Identify(ctx context.Context, to *tfsdk.ResourceIdentity, id string, diags *diag.Diagnostics) {
	diags.Append(to.SetAttribute(ctx, path.Root(identityKey), id)...)
}
