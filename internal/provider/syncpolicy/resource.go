// Package syncpolicy is the resource and the data source riva_sync_policy (one CRM connection, one email connection, enabled or
// not, and an interval), the list resource, and the action that runs a full sync cycle.
package syncpolicy

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

const typeName = "riva_sync_policy"

// policyResource is the resource, and the list resource of the same name.
type policyResource struct {
	entity.Record[api.Policy, model]
}

var (
	_ resource.ResourceWithConfigure   = (*policyResource)(nil)
	_ resource.ResourceWithModifyPlan  = (*policyResource)(nil)
	_ resource.ResourceWithImportState = (*policyResource)(nil)
	_ resource.ResourceWithIdentity    = (*policyResource)(nil)
)

// NewResource returns the resource riva_sync_policy.
func NewResource() resource.Resource { return newResource() }

func newResource() *policyResource {
	r := &policyResource{}
	r.Record = entity.Record[api.Policy, model]{
		Resource:   entity.Resource{Type: typeName, Kind: controlplane.Policies},
		Attributes: resourceSchema,
		Fields: func(m *model) entity.ModelFields {
			return entity.ModelFields{ID: m.ID.ValueString(), Title: m.title(), Timeouts: m.Timeouts}
		},
		Version:   func(p *api.Policy) entity.ObjectVersion { return entity.ObjectVersion{ID: p.ID, Revision: p.Revision} },
		Defaults:  func() model { return model{Timeouts: controlplane.NoTimeouts()} },
		Show:      func(m *model, p *api.Policy, _ *diag.Diagnostics) { m.attributes = show(p) },
		Differs:   (*model).differs,
		Operation: func(entity.Verb, *model) tfdiag.Operation { return operation },
		Find:      (*api.Client).RecentPolicy, FindByKey: (*api.Client).PolicyByName,
		Key: "name", Example: "Mail",
		Request: entity.Requests[api.Policy, model]{Create: r.create, Update: r.update, Delete: r.delete},
	}
	return r
}

// operation is any verb, for error messages.
var operation = tfdiag.Operation{Resource: typeName, AttributePath: attributePath}

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
