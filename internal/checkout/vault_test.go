//go:build unix

package checkout_test

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const vaultAddress = "registry.terraform.io/hashicorp/vault"

// vault is a stand-in for Vault's provider. It has the ephemeral resource that pages use, with the attributes of the real one
// (website/docs/ephemeral-resources/kv_secret_v2.html.md of hashicorp/terraform-provider-vault).
type vault struct {
	// secrets are by mount and name.
	secrets map[[2]string]map[string]string
}

func (vault) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "vault"
}

func (vault) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (vault) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (vault) Resources(context.Context) []func() resource.Resource { return nil }

func (vault) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (v vault) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return kvSecret{v} }}
}

type kvSecret struct{ vault vault }

func (kvSecret) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_kv_secret_v2"
}

func (kvSecret) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"mount":           schema.StringAttribute{Required: true},
		"mount_id":        schema.StringAttribute{Optional: true},
		"name":            schema.StringAttribute{Required: true},
		"version":         schema.Int64Attribute{Optional: true},
		"data":            schema.MapAttribute{ElementType: types.StringType, Computed: true},
		"data_json":       schema.StringAttribute{Computed: true},
		"created_time":    schema.StringAttribute{Computed: true},
		"custom_metadata": schema.MapAttribute{ElementType: types.StringType, Computed: true},
		"deletion_time":   schema.StringAttribute{Computed: true},
		"destroyed":       schema.BoolAttribute{Computed: true},
	}}
}

func (s kvSecret) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var secret struct {
		Mount          types.String      `tfsdk:"mount"`
		MountID        types.String      `tfsdk:"mount_id"`
		Name           types.String      `tfsdk:"name"`
		Version        types.Int64       `tfsdk:"version"`
		Data           map[string]string `tfsdk:"data"`
		DataJSON       types.String      `tfsdk:"data_json"`
		CreatedTime    types.String      `tfsdk:"created_time"`
		CustomMetadata map[string]string `tfsdk:"custom_metadata"`
		DeletionTime   types.String      `tfsdk:"deletion_time"`
		Destroyed      types.Bool        `tfsdk:"destroyed"`
	}
	resp.Diagnostics.Append(req.Config.Get(ctx, &secret)...)
	data, ok := s.vault.secrets[[2]string{secret.Mount.ValueString(), secret.Name.ValueString()}]
	if !ok {
		resp.Diagnostics.AddError("No such secret", secret.Mount.String()+" has no "+secret.Name.String())
		return
	}
	secret.Data = data
	resp.Diagnostics.Append(resp.Result.Set(ctx, &secret)...)
}
