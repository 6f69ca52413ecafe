package controlplane

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// ObjectKind is one sort of object in the words of diagnostics.
type ObjectKind struct {
	// Name names one of the sort, such as "connection".
	Name string
	// IDHint tells, as a sentence, how people come by the id of one.
	IDHint string
}

// The sorts of objects that people name.
var (
	Connections = ObjectKind{"connection", "The data source riva_connection finds one by name, and riva_connections lists what is there."}
	Policies    = ObjectKind{
		"sync policy", "The data source riva_sync_policy finds one by name, and terraform query with a list block " +
			"riva_sync_policy lists what is there.",
	}
	Users = ObjectKind{"user", "The command terraform query with a list block riva_user lists what is there."}
)

// ID accepts what can be the id of one.
func (s ObjectKind) ID() []validator.String { return validators.ID(s.Name, s.IDHint) }

// NotFoundText says that the control plane has no such object, and where to look.
func (a *Access) NotFoundText(s ObjectKind, wanted string) string {
	return fmt.Sprintf("The control plane (%s) has no %s %q. %s", a.Location, s.Name, wanted, s.IDHint)
}
