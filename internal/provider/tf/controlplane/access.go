// Package controlplane is what the entities of the provider share: the way to the control plane that a configured
// provider hands to them, and the memory of which control plane an object lives on.
//
// Every control plane has an instance id, made with its database. Each resource keeps the id of the one it was created
// on, and the revision it has seen, in its private state. So an object that is missing because the provider looks at
// the wrong control plane is told from one that somebody deleted.
package controlplane

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Access is what a configured provider hands to its resources and data sources. It is shared by all of them.
type Access struct {
	// Client speaks to the control plane, wherever it runs.
	Client *api.Client
	// Systems are the target systems that this version of the provider knows.
	Systems target.Catalog
	// Embedded tells that the control plane runs in this process: nothing runs in it by itself between two commands.
	Embedded bool
	// EndCycles ends the full sync cycles of a policy that run in this process; nil where the control plane is shared, and
	// its cycles run on.
	EndCycles func(ctx context.Context, policyID string) error
	// Version is the provider's own.
	Version string
	// Location says in words which control plane it is, such as its address or its data directory.
	Location string

	warned sync.Map
}

// FromProvider takes the access out of what Terraform hands to Configure of a resource or data source. It is nil before
// the provider is configured, as during validation.
func FromProvider(providerData any, diags *diag.Diagnostics) *Access {
	if providerData == nil {
		return nil
	}
	access, ok := providerData.(*Access)
	if !ok {
		diags.AddError(tfdiag.TitleProviderBug,
			fmt.Sprintf("The provider was configured with a %T instead of its own access.", providerData))
		return nil
	}
	return access
}

// FirstTime reports whether this is the first time in the run that something is said: a warning about the whole run is
// given once, not once for every resource.
func (a *Access) FirstTime(what string) bool {
	_, said := a.warned.LoadOrStore(what, true)
	return !said
}
