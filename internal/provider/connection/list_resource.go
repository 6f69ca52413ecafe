package connection

import (
	"context"
	"fmt"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/listing"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The list resource is the resource itself: both have the same name, access to the control plane and mapper.
var _ list.ListResourceWithConfigure = (*connectionResource)(nil)

// NewListResource returns the constructor of the list resource.
func NewListResource(systems []*target.System) func() list.ListResource {
	return func() list.ListResource { return newResource(systems, Blocks(systems)) }
}

// ListResourceConfigSchema declares the filters.
func (r *connectionResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	attributes := map[string]schema.Attribute{}
	for _, f := range filters(r.systems) {
		attributes[f.name] = schema.StringAttribute{
			Optional: true, MarkdownDescription: f.description, Validators: f.validators(),
		}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Connections that match the filters, in the order of their creation; without a filter, all up to " +
			"`limit`. Generated configuration has no secrets: the stored ones stay until new ones are configured.\n\n" +
			listing.Description,
		Attributes: attributes,
	}
}

// List streams the connections.
func (r *connectionResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listing.Listing[api.Connection, filterModel]{
		Operation: tfdiag.Operation{Name: "list the connections"},
		Each: func(ctx context.Context, filters *filterModel, limit int) iter.Seq2[api.Connection, error] {
			return r.Access.Client.EachConnection(ctx, filters.request(), limit)
		},
		Describe: func(c *api.Connection) (id, name string) { return c.ID, c.Name },
		Show:     r.showListed,
	}.Stream(ctx, req, stream)
}

// showListed writes the state of an import, if this version of the provider knows the target system. If not, it adds a
// warning.
func (r *connectionResource) showListed(
	ctx context.Context, c *api.Connection, to *tfsdk.State, diags *diag.Diagnostics,
) {
	if r.system(c.System) == nil {
		diags.AddWarning(fmt.Sprintf("%s: %s", tfdiag.TitleProviderTooOld, c.Name), r.unknownSystem(c))
		return
	}
	r.Imported(ctx, c, to, diags)
}
