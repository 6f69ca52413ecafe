package entity

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// checkName checks at plan that a new or changed name (the attribute Key) is free. Two creates of one name are an error. A name
// of an object that is not in the state is only a warning, since that object can be renamed or deleted until the apply. A name
// of an object in the state is legal: the same apply may rename, replace or delete it.
func (r *Record[O, M]) checkName(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	id, before := r.stateName(ctx, req, diags)
	if id != "" {
		r.Access.FoundInState(id)()
	}
	if diags.HasError() || req.Plan.Raw.IsNull() {
		return
	}
	var planned types.String
	diags.Append(req.Plan.GetAttribute(ctx, path.Root(r.Key), &planned)...)
	if diags.HasError() || planned.IsUnknown() {
		return
	}
	name := planned.ValueString()
	if id != "" {
		r.Access.KeepName(r.Kind, name)
		if names.Fold(name) == names.Fold(before) {
			return
		}
	} else {
		switch r.Access.ClaimName(r.Kind, name) {
		case controlplane.ClaimReplacement:
			return
		case controlplane.ClaimTwice:
			diags.AddAttributeError(path.Root(r.Key), tfdiag.TitleNameTwice, fmt.Sprintf(
				"Another resource of this configuration also creates a %s with the %s %q. It must be unique, regardless of letter case. "+
					"Change one of them. With count, for_each or a module, use a value that differs for each instance.",
				r.Kind.Name, r.Key, name))
			return
		case controlplane.ClaimNew:
		}
	}
	// An apply plans each resource once more. By then, the plan has warned, and the control plane decides at once.
	if !r.Access.Missing() && r.Access.Writes() == 0 {
		r.warnNameTaken(ctx, req, name, diags)
	}
}

// stateName returns the id and the name in the state. Both are empty for a create.
func (r *Record[O, M]) stateName(
	ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics,
) (id, name string) {
	if req.State.Raw.IsNull() {
		return "", ""
	}
	var inState, before types.String
	diags.Append(req.State.GetAttribute(ctx, path.Root("id"), &inState)...)
	diags.Append(req.State.GetAttribute(ctx, path.Root(r.Key), &before)...)
	return inState.ValueString(), before.ValueString()
}

// warnNameTaken warns that an object that is not in the state has the name.
func (r *Record[O, M]) warnNameTaken(ctx context.Context, req resource.ModifyPlanRequest, name string, diags *diag.Diagnostics) {
	plan := decode[M](ctx, req.Plan, diags)
	if diags.HasError() {
		return
	}
	ctx, cancel := controlplane.WithTimeout(ctx, "read", r.Fields(plan).Timeouts.Read, diags)
	defer cancel()
	object, err := r.FindByKey(r.Access.Client, ctx, name)
	if err != nil {
		if !api.IsNotFound(err) {
			tfdiag.Operation{Name: fmt.Sprintf("find out whether the %s %q of a %s is free", r.Key, name, r.Kind.Name)}.Report(diags, err)
		}
		return
	}
	id := r.Version(&object).ID
	if r.Access.IsInState(ctx, id) {
		return
	}
	title := fmt.Sprintf(tfdiag.TitleNameTakenAtPlan, strings.ToUpper(r.Key[:1])+r.Key[1:], name)
	unless := ""
	if r.Access.Embedded {
		unless = ", unless a run of this configuration that was killed created it a few minutes ago"
	}
	diags.AddAttributeWarning(path.Root(r.Key), title, fmt.Sprintf(
		"The control plane has a %s with this %s already (%s), and this run has not found it in the state. If it still has the %s "+
			"when this is applied, the apply fails%s.\n\n%s", r.Kind.Name, r.Key, id, r.Key, unless, tfdiag.ImportHint(r.Type, id)))
}
