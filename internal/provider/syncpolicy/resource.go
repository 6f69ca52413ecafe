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
		Resource:   entity.Resource{Type: typeName, Kind: controlplane.Policies},
		Attributes: resourceSchema,
		Fields: func(m *model) entity.ModelFields {
			return entity.ModelFields{ID: m.ID.ValueString(), Title: m.title(), Timeouts: &m.Timeouts}
		},
		Version:   func(p *api.Policy) entity.ObjectVersion { return entity.ObjectVersion{ID: p.ID, Revision: p.Revision} },
		Show:      func(m *model, p *api.Policy) { m.attributes = show(p) },
		Differs:   (*model).differs,
		Operation: operation,
		Find:      (*api.Client).Policy, FindByKey: (*api.Client).PolicyByName,
		Key: "name", Example: "Mail",
		CreateObject: createPolicy,
		Change:       updatePolicy,
		Remove:       (*api.Client).DeletePolicy, // used or not: that its cycles used connections stays known
	}}
}

func createPolicy(ctx context.Context, c *api.Client, plan *model, diags *diag.Diagnostics) (api.Policy, error) {
	body := plan.createRequest(diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	return c.CreatePolicy(ctx, body)
}

func updatePolicy(
	ctx context.Context, c *api.Client, plan, state *model, revision int64, diags *diag.Diagnostics,
) (api.Policy, error) {
	body := plan.updateRequest(state, diags)
	if diags.HasError() {
		return api.Policy{}, nil
	}
	return c.UpdatePolicy(ctx, state.ID.ValueString(), revision, body)
}

// operation is something done to a policy, for reporting what went wrong with it.
func operation(doing string) tfdiag.Operation {
	return tfdiag.Operation{Name: doing, Resource: typeName, AttributePath: attributePath}
}

// attributePath finds the attribute that a field of a request comes from.
func attributePath(field string) (path.Path, bool) {
	switch field {
	case "name", "crm_connection_id", "email_connection_id", "enabled":
		return path.Root(field), true
	case "interval_seconds":
		return path.Root("interval"), true
	}
	return path.Empty(), false
}
