// Package syncpolicy is the resource and the data source riva_sync_policy: one CRM connection, one email connection,
// enabled or not, and an interval.
package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

const typeName = "riva_sync_policy"

// policyResource is the resource, and the list resource of the same name. What its verbs do beside those of a record is in
// files of their own.
type policyResource struct {
	entity.Record[api.Policy, model]
}

var (
	_ resource.ResourceWithConfigure   = (*policyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*policyResource)(nil)
	_ resource.ResourceWithImportState = (*policyResource)(nil)
	_ resource.ResourceWithIdentity    = (*policyResource)(nil)
)

// NewResource makes the resource riva_sync_policy.
func NewResource() resource.Resource { return newResource() }

func newResource() *policyResource {
	return &policyResource{entity.Record[api.Policy, model]{
		Resource:   entity.Resource{Type: typeName, Sort: controlplane.Policies},
		Attributes: resourceSchema,
		Held: func(m *model) entity.Held {
			return entity.Held{ID: m.ID.ValueString(), Named: m.named(), Timeouts: &m.Timeouts}
		},
		Stamp:   func(p *api.Policy) entity.Stamp { return entity.Stamp{ID: p.ID, Revision: p.Revision} },
		Show:    func(m *model, p *api.Policy) { m.attributes = show(p) },
		Differs: (*model).differs,
		Attempt: attempt,
		Find:    (*api.Client).Policy, FindByKey: (*api.Client).PolicyByName,
		Key: "name", Example: "Mail",
		Make:   makePolicy,
		Change: changePolicy,
		Remove: (*api.Client).DeletePolicy, // used or not: that its cycles used connections stays known
	}}
}

func makePolicy(ctx context.Context, c *api.Client, plan *model, diags *diag.Diagnostics) (api.Policy, error) {
	body := plan.creation(diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	return c.CreatePolicy(ctx, body)
}

func changePolicy(
	ctx context.Context, c *api.Client, plan, state *model, revision int64, diags *diag.Diagnostics,
) (api.Policy, error) {
	body := plan.change(state, diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	return c.UpdatePolicy(ctx, state.ID.ValueString(), revision, body)
}

// attempt is something done to a policy, for reporting what went wrong with it.
func attempt(doing string) tfdiag.Attempt {
	return tfdiag.Attempt{Doing: doing, Resource: typeName, Locate: locate}
}

// locate finds the attribute that a field of a request comes from.
func locate(field string) (path.Path, bool) {
	switch field {
	case "name", "crm_connection_id", "email_connection_id", "enabled":
		return path.Root(field), true
	case "interval_seconds":
		return path.Root("interval"), true
	}
	return path.Empty(), false
}
