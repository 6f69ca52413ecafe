// Package accesstoken is the ephemeral resource riva_access_token: a short-lived token of a shared control plane, for programs
// beside Terraform.
package accesstoken

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// tokenResource is the ephemeral resource.
type tokenResource struct{ access *controlplane.Access }

var _ ephemeral.EphemeralResourceWithConfigure = (*tokenResource)(nil)

// New returns the ephemeral resource riva_access_token.
func New() ephemeral.EphemeralResource { return &tokenResource{} }

// Metadata names the ephemeral resource.
func (*tokenResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = "riva_access_token"
}

// Schema declares the attributes.
func (*tokenResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A short-lived access token of a shared control plane, for scripts beside Terraform. It is valid for 15 " +
			"minutes, and Terraform stores it nowhere. The provider must authenticate with `client_id`.",
		Attributes: map[string]schema.Attribute{
			"scopes": schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: "What the token allows, among the scopes of the client: `read`, `compare`, `test`, `write`, " +
					"`admin`. Default: all scopes of the client.",
			},
			"token": schema.StringAttribute{
				Computed: true, Sensitive: true, MarkdownDescription: "The token, for the header `Authorization: Bearer TOKEN`.",
			},
			"granted_scopes": schema.ListAttribute{
				Computed: true, ElementType: types.StringType, MarkdownDescription: "What the token allows.",
			},
			"expires_at": schema.StringAttribute{
				Computed: true, MarkdownDescription: "When the token expires, in RFC 3339.",
			},
		},
	}
}

// Configure receives the access to the control plane.
func (r *tokenResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	if req.ProviderData == nil { // the provider is not configured yet
		return
	}
	access, ok := req.ProviderData.(*controlplane.Access)
	if !ok {
		resp.Diagnostics.AddError(tfdiag.TitleConfiguration, fmt.Sprintf("The provider's data is a %T.", req.ProviderData))
		return
	}
	r.access = access
}

// model has the attributes.
type model struct {
	Scopes    types.List   `tfsdk:"scopes"`
	Token     types.String `tfsdk:"token"`
	Granted   types.List   `tfsdk:"granted_scopes"`
	ExpiresAt types.String `tfsdk:"expires_at"`
}

// Open requests a token. Nothing is closed at the end: the token expires by itself.
func (r *tokenResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var data model
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	var scopes []api.Scope
	resp.Diagnostics.Append(data.Scopes.ElementsAs(ctx, &scopes, false)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithFixedTimeout(ctx)
	defer cancel()
	token, err := r.access.Client.AccessToken(ctx, scopes)
	if err != nil {
		tfdiag.Operation{Name: "request an access token", AttributePath: attributePath}.Report(&resp.Diagnostics, err)
		return
	}
	granted, diags := types.ListValueFrom(ctx, types.StringType, token.Scopes)
	resp.Diagnostics.Append(diags...)
	data.Token, data.Granted = types.StringValue(token.Token), granted
	data.ExpiresAt = types.StringValue(token.ExpiresAt.Format(time.RFC3339))
	resp.Diagnostics.Append(resp.Result.Set(ctx, &data)...)
}

// attributePath finds the attribute that a field of a request comes from.
func attributePath(field string) (path.Path, bool) { return path.Root(field), field == "scopes" }
