// Package connection is the riva_connection resource and the data sources about connections.
//
// The resource has one nested attribute per target system, made from the system's declaration: there is no Go type per
// system here. Secrets are write-only attributes; whether they changed is found by asking the control plane to compare,
// at plan, never by keeping anything of them.
package connection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// resourceType is what the resource is called in configurations.
const resourceType = "riva_connection"

var (
	_ resource.ResourceWithConfigure      = (*connectionResource)(nil)
	_ resource.ResourceWithValidateConfig = (*connectionResource)(nil)
	_ resource.ResourceWithModifyPlan     = (*connectionResource)(nil)
	_ resource.ResourceWithImportState    = (*connectionResource)(nil)
	_ resource.ResourceWithIdentity       = (*connectionResource)(nil)
)

type connectionResource struct {
	entity.Resource

	systems target.Catalog
}

// NewResource makes the constructor of the resource, with an attribute for each of the systems.
func NewResource(systems []*target.System) func() resource.Resource {
	return func() resource.Resource { return newResource(systems) }
}

func newResource(systems []*target.System) *connectionResource {
	return &connectionResource{entity.Resource{Type: resourceType, Kind: controlplane.Connections}, systems}
}

// Schema is made from the declarations of the target systems.
func (r *connectionResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx, r.systems)
}

// system finds a declaration; nil for a system that this version of the provider does not know.
func (r *connectionResource) system(name string) *target.System {
	system, _ := r.systems.Find(name)
	return system
}
