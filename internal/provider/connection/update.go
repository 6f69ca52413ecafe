package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
)

// update sends what was found to change.
func (r *connectionResource) update(
	ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics,
) (api.Connection, error) {
	updated, err := r.Access.Client.UpdateConnection(ctx, w.State.ID.ValueString(), w.Revision, w.Plan.change.request(*w.Plan))
	if err == nil {
		r.warnWaiting(ctx, &updated, diags)
	}
	return updated, err
}

// request has the changes and nothing else.
func (c *change) request(plan model) api.UpdateConnection {
	body := api.UpdateConnection{Verify: plan.Verify.ValueBoolPointer(), Revalidate: c.revalidate, Interactive: c.person}
	if c.renamed {
		body.Name = plan.Name.ValueStringPointer()
	}
	if c.settings {
		body.Settings, _ = plan.settings(c.system)
	}
	if c.sendCredentials == decisionYes {
		body.Credentials = c.credentials
	}
	return body
}
