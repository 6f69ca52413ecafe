// Package connection is the resource riva_connection, with its list resource, data sources and actions.
//
// The resource has one block per target system, made from the declaration of the system: the provider has no Go type per system.
// Secrets are write-only attributes. To find out whether they changed, the plan compares them with a digest whose key only the
// control plane has, or asks the control plane to compare them; nothing else of them is stored.
package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ResourceType is the name of the resource in configurations.
const ResourceType = "riva_connection"

var (
	_ resource.ResourceWithConfigure      = (*connectionResource)(nil)
	_ resource.ResourceWithValidateConfig = (*connectionResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*connectionResource)(nil)
	_ resource.ResourceWithImportState    = (*connectionResource)(nil)
	_ resource.ResourceWithIdentity       = (*connectionResource)(nil)
)

// connectionResource is the resource, and the list resource of the same name.
type connectionResource struct {
	entity.Record[api.Connection, model]

	systems target.Catalog
}

// NewResource returns the constructor of the resource for the target systems. Its schema has some of the [Blocks]: it cannot be
// used for connections with others.
func NewResource(systems []*target.System, blocks []string) func() resource.Resource {
	return func() resource.Resource { return newResource(systems, blocks) }
}

func newResource(systems []*target.System, blocks []string) *connectionResource {
	r := &connectionResource{systems: systems}
	r.Record = entity.Record[api.Connection, model]{
		Resource:   entity.Resource{Type: ResourceType, Kind: controlplane.Connections},
		Attributes: func(ctx context.Context) schema.Schema { return resourceSchema(ctx, systems, blocks) },
		Fields: func(m *model) entity.ModelFields {
			return entity.ModelFields{ID: m.ID.ValueString(), Title: describe(*m), Timeouts: m.Timeouts}
		},
		Version: func(c *api.Connection) entity.ObjectVersion {
			return entity.ObjectVersion{ID: c.ID, Revision: c.Revision}
		},
		Defaults:  defaults,
		Show:      r.show,
		Operation: r.operation,
		Find:      (*api.Client).RecentConnection, FindByKey: (*api.Client).ConnectionByName,
		Key: "name", Example: "Exchange",
		Before: r.before, Keep: r.keep,
		Request: entity.Requests[api.Connection, model]{
			Create: r.create, Update: r.update, Delete: r.delete,
		},
	}
	return r
}

// before decides whether a call is needed. An update compares the secrets again: one that was unknown at plan is known now,
// and may be the stored one. A delete with deletion_policy "abandon" only removes the connection from the state.
func (r *connectionResource) before(ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics) bool {
	if w.Verb == entity.VerbDelete {
		abandoned := w.State.DeletionPolicy.ValueString() == deletionAbandon
		if abandoned {
			r.warnAbandoned(*w.State, diags)
		}
		return !abandoned
	}
	r.validateSystem(*w.Plan, diags) // Terraform has validated it: this only guards the code below
	if diags.HasError() || w.Verb == entity.VerbCreate {
		return true
	}
	config := *w.Config
	if !w.Plan.CredentialsUpdatedAt.IsUnknown() {
		config.Systems = nil // with ignore_changes, a plan does not see secrets that the apply sees
	}
	c := r.change(ctx, r.configuredSystem(*w.Plan), config, *w.Plan, *w.State, w.Private, diags)
	requireSecrets(c, diags)
	w.Plan.change = &c
	return c.needsUpdate()
}

// operation describes a verb for error messages.
func (r *connectionResource) operation(verb entity.Verb, m *model) tfdiag.Operation {
	sideEffects := map[entity.Verb]string{
		entity.VerbCreate: "Nothing was created.",
		entity.VerbUpdate: "Nothing was changed: what was stored before stays in force.",
	}
	system := r.configuredSystem(*m)
	operation := tfdiag.Operation{
		Resource: ResourceType, SideEffect: sideEffects[verb], AttributePath: attributePath(system),
	}
	if system != nil && (verb == entity.VerbCreate || verb == entity.VerbUpdate) {
		operation.WaitsFor = m.place(system)
	}
	return operation
}

// system finds a declaration; nil for a system that this version of the provider does not know.
func (r *connectionResource) system(name string) *target.System {
	system, _ := r.systems.Find(name)
	return system
}
