package controlplane

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Reference is an attribute that has the id of another object.
type Reference struct {
	Attribute string
	Kind      ObjectKind
	// Side is the kind of connection that the attribute accepts. OtherAttribute accepts those of the other kind. Both are empty
	// for other objects.
	Side           target.Kind
	OtherAttribute string
}

// foundObject is an object that has an id. It is the zero value if the control plane has none with the id.
type foundObject struct {
	kind ObjectKind
	name string
	// side is the kind of a connection, and system its target system.
	side, system string
}

// sideTitles are the kinds of connections in messages.
var sideTitles = map[string]string{string(target.CRM): "a CRM", string(target.Email): "an email system"}

// CheckReference reports at plan an id that belongs to no object of the kind. It looks up only values that change and are known.
// It makes one call for each id of a run, not for each resource.
func (a *Access) CheckReference(ctx context.Context, ref Reference, planned, before types.String, diags *diag.Diagnostics) {
	if planned.IsUnknown() || planned.IsNull() || planned.Equal(before) || a.Missing() {
		return
	}
	id := planned.ValueString()
	found, err := a.findObject(ctx, id, ref.Kind)
	if err != nil {
		tfdiag.Operation{Name: fmt.Sprintf("find out what has the id %q", id)}.Report(diags, err)
		return
	}
	if detail := a.referenceError(ref, id, found); detail != "" {
		diags.AddAttributeError(path.Root(ref.Attribute), tfdiag.TitleInvalid, detail)
	}
}

// referenceError describes what is wrong with a reference; empty if it is in order.
func (a *Access) referenceError(ref Reference, id string, found foundObject) string {
	switch {
	case found.kind.Name == "":
		return a.NotFoundText(ref.Kind, id)
	case found.kind.Name != ref.Kind.Name:
		return found.otherKindText(ref.Kind, ref.Attribute, id)
	case ref.Side != "" && found.side != string(ref.Side):
		return fmt.Sprintf("%q is the id of the connection %q, which connects to %s (%s). %s requires a connection to %s. Set %s to "+
			"this connection instead, and %s to another one.", id, found.name, sideTitles[found.side], found.system,
			ref.Attribute, sideTitles[string(ref.Side)], ref.OtherAttribute, ref.Attribute)
	}
	return ""
}

// otherKindText is the message that an id belongs to an object of another kind.
func (o foundObject) otherKindText(wanted ObjectKind, attribute, id string) string {
	return fmt.Sprintf("%q is the id of the %s %q. %s must be the id of a %s. %s",
		id, o.kind.Name, o.name, attribute, wanted.Name, wanted.IDHint)
}

// ReportMissing reports an id for which the control plane has no object of the kind. If it is the id of another object, the
// message names that.
func (a *Access) ReportMissing(ctx context.Context, kind ObjectKind, attribute, id string, diags *diag.Diagnostics) {
	detail := a.NotFoundText(kind, id)
	// An error of this look-up is less important than the object that is missing.
	if found, err := a.findObject(ctx, id, kind); err == nil && found.kind.Name != "" && found.kind.Name != kind.Name {
		detail = found.otherKindText(kind, attribute, id)
	}
	diags.AddAttributeError(path.Root(attribute), tfdiag.TitleNotFound, detail)
}

// findObject finds what has an id: first among the objects of the expected kind, then among the others. Errors are not
// remembered.
func (a *Access) findObject(ctx context.Context, id string, expected ObjectKind) (foundObject, error) {
	if known, ok := a.objects.Load(id); ok {
		object, _ := known.(foundObject)
		return object, nil
	}
	var object foundObject
	for _, kind := range []ObjectKind{expected, Connections, Policies, Users} {
		found, err := a.findOf(ctx, kind, id)
		if err == nil {
			object = found
			break
		}
		if !api.IsNotFound(err) {
			return foundObject{}, err
		}
	}
	a.objects.Store(id, object)
	return object, nil
}

// findOf finds an object of one kind.
func (a *Access) findOf(ctx context.Context, kind ObjectKind, id string) (foundObject, error) {
	switch kind.Name {
	case Connections.Name:
		c, err := a.Client.RecentConnection(ctx, id)
		return foundObject{kind: kind, name: c.Name, side: c.Kind, system: c.System}, err
	case Policies.Name:
		p, err := a.Client.RecentPolicy(ctx, id)
		return foundObject{kind: kind, name: p.Name}, err
	default:
		u, err := a.Client.RecentUser(ctx, id)
		return foundObject{kind: kind, name: u.Email}, err
	}
}
