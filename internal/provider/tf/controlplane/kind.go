package controlplane

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// ObjectKind is a kind of object, for diagnostics.
type ObjectKind struct {
	// Name is the name of one object, such as "connection".
	Name string
	// IDHint is a sentence on how to find an id.
	IDHint string
}

// The kinds of objects that users refer to.
var (
	Connections = ObjectKind{"connection", "The data source riva_connection finds one by name, and riva_connections lists all."}
	Policies    = ObjectKind{
		"sync policy", "The data source riva_sync_policy finds one by name, and terraform query with a list block " +
			"riva_sync_policy lists all.",
	}
	Users = ObjectKind{"user", "The command terraform query with a list block riva_user lists all."}
)

// ID accepts the id of an object of the kind, as [validators.ID] does.
func (k ObjectKind) ID() []validator.String { return validators.ID(k.Name, k.IDHint) }

// CheckID adds an error for a known value that is not an id. An id becomes part of an address, so it is checked before a call.
func (k ObjectKind) CheckID(at path.Path, value types.String, diags *diag.Diagnostics) {
	validators.CheckID(at, value, k.Name, k.IDHint, diags)
}

// NotFoundText is the message that the control plane does not have an object, and how to find one.
func (a *Access) NotFoundText(k ObjectKind, wanted string) string {
	return fmt.Sprintf("The control plane (%s) has no %s %q. %s", a.Location, k.Name, wanted, k.IDHint)
}
