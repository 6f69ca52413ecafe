package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// policyDataSource is the data source.
type policyDataSource struct{ entity.DataSource }

var (
	_ datasource.DataSourceWithConfigure        = (*policyDataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*policyDataSource)(nil)
)

// NewDataSource returns the data source riva_sync_policy.
func NewDataSource() datasource.DataSource {
	return &policyDataSource{entity.DataSource{Type: typeName}}
}

// Schema declares the attributes.
func (d *policyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dataSourceSchema()
}

// ConfigValidators require either the id or the name.
func (d *policyDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

// Read finds the policy by id or name.
func (d *policyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	controlplane.Policies.CheckID(path.Root("id"), config.ID, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithFixedTimeout(ctx)
	defer cancel()
	at, wanted, find := path.Root("id"), config.ID.ValueString(), d.Access.Client.Policy
	if config.ID.IsNull() {
		at, wanted, find = path.Root("name"), config.Name.ValueString(), d.Access.Client.PolicyByName
	}
	policy, err := find(ctx, wanted)
	missing := func() string {
		if config.ID.IsNull() {
			return d.Access.NameNotFoundText(ctx, controlplane.Policies, wanted)
		}
		return d.Access.NotFoundText(controlplane.Policies, wanted)
	}
	switch {
	case api.IsNotFound(err):
		resp.Diagnostics.AddAttributeError(at, tfdiag.TitleNotFound, missing())
		return
	case err != nil:
		tfdiag.Operation{Name: "read the " + config.title(), AttributePath: attributePath}.Report(&resp.Diagnostics, err)
		return
	}
	found := dataSourceModel{attributes: show(&policy), LastCycle: showCycle(policy.LastCycle)}
	resp.Diagnostics.Append(resp.State.Set(ctx, &found)...)
}
