// Package auditevent is the data source riva_audit_events: who changed what on the control plane, and when.
package auditevent

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// eventsDataSource is the data source.
type eventsDataSource struct{ entity.DataSource }

var _ datasource.DataSourceWithConfigure = (*eventsDataSource)(nil)

// NewDataSource returns the data source riva_audit_events.
func NewDataSource() datasource.DataSource {
	return &eventsDataSource{entity.DataSource{Type: "riva_audit_events"}}
}

// Schema declares the attributes.
func (d *eventsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = eventsSchema()
}

// Read reads the events that match the filters, newest first.
func (d *eventsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	validators.CheckID(path.Root("object_id"), config.ObjectID, "connection, sync policy or user", objectIDHint, &resp.Diagnostics)
	filter, limit := config.filter(&resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithFixedTimeout(ctx)
	defer cancel()
	events, err := d.Access.Client.AuditEvents(ctx, filter, limit)
	if err != nil {
		tfdiag.Operation{Name: "read the audit trail", AttributePath: attributePath}.Report(&resp.Diagnostics, err)
		return
	}
	config.Events = make([]eventModel, 0, len(events))
	for i := range events {
		config.Events = append(config.Events, show(&events[i]))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// attributePath finds the filter that a field of a request comes from.
func attributePath(field string) (path.Path, bool) {
	switch field {
	case "object_id", "actor", "action", "outcome", "since", "until":
		return path.Root(field), true
	}
	return path.Empty(), false
}
