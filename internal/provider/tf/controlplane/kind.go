package controlplane

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// ObjectKind is a kind of object, for diagnostics.
type ObjectKind struct {
	// Name is the name of one object, such as "connection".
	Name string
	// IDHint is a sentence on how to find an id.
	IDHint string
	// names returns names of existing objects, at most limit. It is nil for objects that are not looked up by name.
	names func(ctx context.Context, c *api.Client, limit int) ([]string, error)
}

// The kinds of objects that users refer to.
var (
	Connections = ObjectKind{
		Name: "connection", IDHint: "The data source riva_connection finds one by name, and riva_connections lists all.",
		names: func(ctx context.Context, c *api.Client, limit int) ([]string, error) {
			return collect(c.EachConnection(ctx, api.ConnectionFilter{}, limit), func(c api.Connection) string { return c.Name })
		},
	}
	Policies = ObjectKind{
		Name: "sync policy", IDHint: "The data source riva_sync_policy finds one by name, and terraform query with a list block " +
			"riva_sync_policy lists all.",
		names: func(ctx context.Context, c *api.Client, limit int) ([]string, error) {
			return collect(c.EachPolicy(ctx, api.PolicyFilter{}, limit), func(p api.Policy) string { return p.Name })
		},
	}
	Users = ObjectKind{Name: "user", IDHint: "The command terraform query with a list block riva_user lists all."}
)

// maxNames is the maximum number of names in a message.
const maxNames = 20

func collect[T any](objects iter.Seq2[T, error], name func(T) string) ([]string, error) {
	var names []string
	for object, err := range objects {
		if err != nil {
			return nil, err
		}
		names = append(names, strconv.Quote(name(object)))
	}
	return names, nil
}

// NameNotFoundText is the message that no object has a name, with the names that exist: it is often a spelling mistake.
func (a *Access) NameNotFoundText(ctx context.Context, k ObjectKind, name string) string {
	text := fmt.Sprintf("The control plane (%s) has no %s %q.", a.Location, k.Name, name)
	if k.names == nil {
		return text + " " + k.IDHint
	}
	names, err := k.names(ctx, a.Client, maxNames+1)
	switch {
	case err != nil:
		return text + " " + k.IDHint
	case len(names) == 0:
		return text + " It has none yet. If the same apply creates it, use a reference to the resource instead of the name."
	case len(names) > maxNames:
		return text + " Some of those that exist: " + strings.Join(names[:maxNames], ", ") + ". " + k.IDHint
	}
	return text + " Those that exist: " + strings.Join(names, ", ") + "."
}

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
