package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Create creates the object in one call.
func (r *Record[O, M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	diags := &resp.Diagnostics
	var name types.String
	diags.Append(req.Plan.GetAttribute(ctx, path.Root(r.Key), &name)...)
	defer r.Access.EndClaim(r.Kind, name.ValueString())
	w := &Write[M]{
		Verb: VerbCreate, Config: decode[M](ctx, req.Config, diags), Plan: decode[M](ctx, req.Plan, diags), Private: resp.Private,
	}
	if diags.HasError() {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "create", r.Fields(w.Plan).Timeouts.Create, diags)
	defer cancel()
	// Called before the object exists: an error after that would taint it.
	if r.Access.Make(ctx, diags); !diags.HasError() {
		r.Access.InstanceID(ctx, diags)
	}
	if diags.HasError() || !r.before(ctx, w, diags) || diags.HasError() {
		return
	}
	object, err := write(ctx, r.Access, "", func() (O, error) { return r.Request.Create(ctx, w, diags) })
	if err != nil {
		r.report(VerbCreate, w.Plan, err, diags)
	}
	if diags.HasError() {
		return
	}
	r.Access.Wrote(r.Version(&object).ID)
	r.Show(w.Plan, &object, diags)
	encode(ctx, w.Plan, &resp.State, diags)
	r.Access.SaveOrigin(ctx, r.record(&object, resp.Identity, resp.Private), diags)
	r.keep(ctx, w, &object, diags)
}
