package connection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
)

// dataSource is riva_connection, one connection by id or by name.
type dataSource struct{ entity.DataSource }

type dataSourceModel struct {
	connectionModel

	AuthorizationURL types.String   `tfsdk:"authorization_url"`
	Timeouts         timeouts.Value `tfsdk:"timeouts"`
}

// NewDataSource returns the data source riva_connection.
func NewDataSource() datasource.DataSource { return &dataSource{entity.DataSource{Type: ResourceType}} }

// Schema declares the attributes.
func (d *dataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "One connection, by id or by name, with its volatile attributes: its status, its last test, its uses.",
		Attributes: merged(entryAttributes(), map[string]schema.Attribute{
			"id": schema.StringAttribute{
				Optional: true, Computed: true, MarkdownDescription: "Id of the connection. Set this or `name`.",
			},
			"name": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Display name, regardless of letter case. Set this or `id`.",
				Validators:          validators.Name(),
			},
			"authorization_url": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "Secret link for the person who must sign in; null if the connection does not wait for one, if the " +
					"client lacks the scope `write`, and if the control plane has no pages, such as the embedded one. There, " +
					"`terraform-provider-riva authorize` prints a link.",
			},
		}),
		Blocks: map[string]schema.Block{"timeouts": controlplane.DataTimeouts(ctx)},
	}
}

// ConfigValidators require either the id or the name.
func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name"))}
}

// Read reads the connection.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config dataSourceModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	controlplane.Connections.CheckID(path.Root("id"), config.ID, &resp.Diagnostics)
	ctx, cancel := controlplane.WithTimeout(ctx, "read", config.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	at, wanted, find := path.Root("id"), config.ID.ValueString(), d.Access.Client.Connection
	if config.ID.IsNull() {
		at, wanted, find = path.Root("name"), config.Name.ValueString(), d.Access.Client.ConnectionByName
	}
	connection, err := find(ctx, wanted)
	missing := func() string {
		if config.ID.IsNull() {
			return d.Access.NameNotFoundText(ctx, controlplane.Connections, wanted)
		}
		return d.Access.NotFoundText(controlplane.Connections, wanted)
	}
	switch {
	case api.IsNotFound(err):
		resp.Diagnostics.AddAttributeError(at, tfdiag.TitleNotFound, missing())
		return
	case err != nil:
		tfdiag.Operation{Name: fmt.Sprintf("read the connection %q", wanted)}.Report(&resp.Diagnostics, err)
		return
	}
	showConnectionWarnings(d.Access, connection, &resp.Diagnostics)
	found := dataSourceModel{
		connectionModel:  connectionModelOf(connection),
		AuthorizationURL: orNull(string(findLink(ctx, d.Access, &connection))), Timeouts: config.Timeouts,
	}
	if !config.Name.IsNull() {
		found.Name = config.Name // with the configured letter case
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, found)...)
}
