package syncpolicy

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/listing"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// The list resource is the resource itself: both have the same name and the same access to the control plane.
var _ list.ListResourceWithConfigure = (*policyResource)(nil)

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return newResource() }

// listModel are the filters.
type listModel struct {
	Name         types.String `tfsdk:"name"`
	ConnectionID types.String `tfsdk:"connection_id"`
}

// ListResourceConfigSchema declares the filters.
func (r *policyResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Sync policies that match the filters, in the order of their creation; without a filter, " +
			"all up to `limit`.\n\n" + listing.Description,
		Attributes: map[string]schema.Attribute{
			"name": schema.StringAttribute{
				MarkdownDescription: "Only the policy with this name, regardless of letter case.",
				Optional:            true,
			},
			"connection_id": schema.StringAttribute{
				MarkdownDescription: "Only policies that use this connection.",
				Optional:            true,
				Validators:          controlplane.Connections.ID(),
			},
		},
	}
}

// List streams the sync policies.
func (r *policyResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listing.Listing[api.Policy, listModel]{
		Operation: tfdiag.Operation{Name: "list the sync policies"},
		Each: func(ctx context.Context, filters *listModel, limit int) iter.Seq2[api.Policy, error] {
			return r.Access.Client.EachPolicy(ctx, api.PolicyFilter{
				Name: filters.Name.ValueString(), ConnectionID: filters.ConnectionID.ValueString(),
			}, limit)
		},
		Describe: func(p *api.Policy) (id, name string) { return p.ID, p.Name },
		Show:     r.Imported,
	}.Stream(ctx, req, stream)
}
