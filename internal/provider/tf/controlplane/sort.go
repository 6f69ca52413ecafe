package controlplane

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/valid"
)

// Sort is one sort of object in the words of diagnostics.
type Sort struct {
	// Object names one of the sort, such as "connection".
	Object string
	// Finding tells, as a sentence, how people come by the id of one.
	Finding string
}

// The sorts of objects that people name.
var (
	Connections = Sort{"connection", "The data source riva_connection finds one by name, and riva_connections lists what is there."}
	Policies    = Sort{
		"sync policy", "The data source riva_sync_policy finds one by name, and terraform query with a list block " +
			"riva_sync_policy lists what is there.",
	}
	Users = Sort{"user", "The command terraform query with a list block riva_user lists what is there."}
)

// ID accepts what can be the id of one.
func (s Sort) ID() []validator.String { return valid.ID(s.Object, s.Finding) }

// Missing says that the control plane has no such object, and where to look.
func (a *Access) Missing(s Sort, wanted string) string {
	return fmt.Sprintf("The control plane (%s) has no %s %q. %s", a.Where, s.Object, wanted, s.Finding)
}
