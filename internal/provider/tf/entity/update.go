package entity

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Update makes all changes in one call, all or nothing, and only to the revision that was planned with.
func (r *Record[O, M]) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	diags := &resp.Diagnostics
	w := &Write[M]{
		Verb: VerbUpdate, Config: decode[M](ctx, req.Config, diags), Plan: decode[M](ctx, req.Plan, diags),
		State: decode[M](ctx, req.State, diags), Revision: controlplane.ReadOrigin(ctx, req.Private, diags).Revision,
		Private: resp.Private,
	}
	if diags.HasError() {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "update", r.Fields(w.Plan).Timeouts.Update, diags)
	defer cancel()
	if diags.HasError() || !r.Access.CheckExists("The "+r.Fields(w.State).Title, diags) {
		return
	}
	call := r.before(ctx, w, diags)
	if diags.HasError() {
		return
	}
	if !call {
		resp.State.Raw = withoutUnknown(req.Plan, req.State, diags)
		controlplane.Identify(ctx, resp.Identity, r.Fields(w.State).ID, diags)
		r.keep(ctx, w, nil, diags)
		return
	}
	id := r.Fields(w.State).ID
	object, err := write(ctx, r.Access, id, func() (O, error) { return r.Request.Update(ctx, w, diags) })
	if err != nil {
		r.report(VerbUpdate, w.State, err, diags)
	}
	if diags.HasError() {
		return
	}
	r.Access.Wrote(id)
	r.Show(w.Plan, &object, diags)
	encode(ctx, w.Plan, &resp.State, diags)
	r.Access.SaveOrigin(ctx, r.record(&object, resp.Identity, resp.Private), diags)
	r.keep(ctx, w, &object, diags)
}

// withoutUnknown is the state after an update that made no call: as planned, and what is unknown in the plan as it was.
func withoutUnknown(plan tfsdk.Plan, state tfsdk.State, diags *diag.Diagnostics) tftypes.Value {
	known, err := tftypes.Transform(plan.Raw, func(at *tftypes.AttributePath, planned tftypes.Value) (tftypes.Value, error) {
		if planned.IsKnown() {
			return planned, nil
		}
		prior, _, err := tftypes.WalkAttributePath(state.Raw, at)
		if err != nil {
			return planned, at.NewError(err)
		}
		value, ok := prior.(tftypes.Value)
		if !ok {
			return planned, at.NewErrorf("the prior state has a %T", prior)
		}
		return value, nil
	})
	if err != nil {
		diags.AddError(tfdiag.TitleProviderBug, fmt.Sprintf("Keep the state of an object that does not change: %s", err))
		return state.Raw
	}
	return known
}
