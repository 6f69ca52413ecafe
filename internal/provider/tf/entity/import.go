package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// ImportState finds the object by id, identity or key. Attributes that only Terraform has get their defaults, so that a
// configuration without them has nothing to change.
func (r *Record[O, M]) ImportState(
	ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse,
) {
	by := func(find func(*api.Client, context.Context, string) (O, error)) func(context.Context, string) (O, error) {
		return func(ctx context.Context, value string) (O, error) { return find(r.Access.Client, ctx, value) }
	}
	object, ok := controlplane.Lookup[O]{
		Kind: r.Kind, Key: r.Key, Example: r.Example, ByID: by(r.Find), ByKey: by(r.FindByKey),
	}.Import(ctx, r.Access, req, &resp.Diagnostics)
	if !ok {
		return
	}
	r.Imported(ctx, &object, &resp.State, &resp.Diagnostics)
	r.Access.SaveOrigin(ctx, r.record(&object, resp.Identity, resp.Private), &resp.Diagnostics)
}
