// Package controlplane is the access of the provider's entities to the control plane: the client that a configured provider
// passes to them, how they find and identify objects, how long a call may take, and how they show its times.
//
// Every control plane has an instance id, made with its database. Each resource stores the id of the control plane that it was
// created on, and the revision that it last read, in its private state. So a missing object is either deleted, or the
// provider is configured for the wrong control plane, and the two can be distinguished.
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

// Access is what a configured provider passes to its resources, data sources and actions. All of them share one.
type Access struct {
	// Client is the API client. It works the same over a network and in this process.
	Client *api.Client
	// Systems are the target systems that this version of the provider supports.
	Systems target.Catalog
	// Embedded reports that the control plane runs in this process, so that nothing runs between two commands.
	Embedded bool
	// NotMade creates the embedded control plane. It is nil for a shared one.
	NotMade *NotMade
	// EndCycles ends the full sync cycles of a policy that run in this process. It is nil for a shared control plane, which
	// continues them.
	EndCycles func(ctx context.Context, policyID string) error
	// Database names the PostgreSQL database of the embedded control plane by host, port and name; empty without one.
	Database string
	// Keyset is the configured file of the embedded control plane's keyset; empty for the default one or a configured text.
	Keyset string
	// Version is the version of the provider.
	Version string
	// Location describes the control plane in messages, such as by its address or its data directory.
	Location string

	warned sync.Map
	// objects has what references of the run refer to: a foundObject for each id.
	objects sync.Map
	state   runState
	claims  claims
}

// FromProvider returns the access that Terraform passes to Configure of a resource or data source. It is nil before the
// provider is configured, as during validation.
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

// AfterTimeout is a sentence on what a timeout of a verb, such as "create", left behind. The embedded control plane gives up with
// the call. A shared one can complete the call after its response was lost.
func (a *Access) AfterTimeout(verb string) string {
	switch {
	case verb == "read":
		return ""
	case a.Embedded:
		return fmt.Sprintf("Nothing was %sd.", verb)
	case verb == "create":
		return "Nothing was created, unless the response was lost: then the next apply shows the import block to paste."
	}
	return fmt.Sprintf("Nothing was %sd, unless the response was lost: the next plan shows it.", verb)
}

// FirstTime reports whether this is the first call with the text in the run. A warning about the whole run is shown once, not
// once for every resource.
func (a *Access) FirstTime(text string) bool {
	_, warned := a.warned.LoadOrStore(text, true)
	return !warned
}

// Warned reports whether FirstTime was called with the text.
func (a *Access) Warned(text string) bool {
	_, warned := a.warned.Load(text)
	return warned
}
