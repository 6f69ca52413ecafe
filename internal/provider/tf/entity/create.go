package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// Create makes the object.
func (r *Record[O, M]) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan M
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, r.Fields(&plan).Timeouts.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	object, err := r.CreateObject(ctx, r.Access.Client, &plan, &resp.Diagnostics)
	if err != nil {
		r.Operation("create the "+r.Fields(&plan).Title).Report(&resp.Diagnostics, err)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	// Saved before anything else can go wrong: what exists must not be lost.
	r.Show(&plan, &object)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	r.Access.SaveOrigin(ctx, r.memory(&object, resp.Identity, resp.Private), &resp.Diagnostics)
}
