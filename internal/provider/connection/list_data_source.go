package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

var _ datasource.DataSourceWithConfigure = (*listDataSource)(nil)

// listDataSource is riva_connections, all connections that match the filters.
type listDataSource struct {
	entity.DataSource

	systems []*target.System
}

type listModel struct {
	filterModel

	Connections []connectionModel `tfsdk:"connections"`
	Timeouts    timeouts.Value    `tfsdk:"timeouts"`
}

// NewListDataSource returns the constructor of the data source riva_connections.
func NewListDataSource(systems []*target.System) func() datasource.DataSource {
	return func() datasource.DataSource {
		return &listDataSource{entity.DataSource{Type: "riva_connections"}, systems}
	}
}

// Schema declares the filters and the results.
func (d *listDataSource) Schema(ctx context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"connections": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "The connections.",
			NestedObject: schema.NestedAttributeObject{
				Attributes: merged(entryAttributes(), map[string]schema.Attribute{
					"id":   computedString("Id of the connection."),
					"name": computedString("Display name."),
				}),
			},
		},
	}
	for _, f := range filters(d.systems) {
		attributes[f.name] = schema.StringAttribute{
			Optional: true, MarkdownDescription: f.description, Validators: f.validators(),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the connections that match all filters. Without a filter, it lists all of them. The order is " +
			"stable.",
		Attributes: attributes,
		Blocks:     map[string]schema.Block{"timeouts": controlplane.DataTimeouts(ctx)},
	}
}

// Read lists the connections.
func (d *listDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var model listModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	ctx, cancel := controlplane.WithTimeout(ctx, "read", model.Timeouts.Read, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	connections, err := d.Access.Client.Connections(ctx, model.request())
	if err != nil {
		tfdiag.Operation{Name: "list the connections"}.Report(&resp.Diagnostics, err)
		return
	}
	model.Connections = make([]connectionModel, len(connections))
	for i, connection := range connections {
		showConnectionWarnings(d.Access, connection, &resp.Diagnostics)
		model.Connections[i] = connectionModelOf(connection)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}
