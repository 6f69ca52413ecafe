package controlplane

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// privateKey is where the origin is kept in the private state of a resource.
const privateKey = "origin"

// Origin is what a resource remembers of the control plane, beside its state.
type Origin struct {
	// Instance is the id of the control plane that the object was last seen on; empty if it is not known.
	Instance string `json:"instance"`
	// Revision is the one last seen, for If-Match.
	Revision int64 `json:"revision"`
}

// PrivateReader is the private state that a request carries.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is the private state that a response carries.
type PrivateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// ReadOrigin reads the origin of a resource from its private state.
func ReadOrigin(ctx context.Context, private PrivateReader, diags *diag.Diagnostics) Origin {
	var origin Origin
	raw, d := private.GetKey(ctx, privateKey)
	diags.Append(d...)
	if len(raw) == 0 {
		return origin
	}
	if err := json.Unmarshal(raw, &origin); err != nil {
		diags.AddError(tfdiag.TitleProviderBug, fmt.Sprintf("Read the private state of the resource: %s", err))
	}
	return origin
}

// InstanceID asks the control plane who it is, once in a run. Whoever is about to create something reaches it first: an error
// afterwards would taint what exists by then.
func (a *Access) InstanceID(ctx context.Context, diags *diag.Diagnostics) (instance string, ok bool) {
	answer, err := a.Client.Instance(ctx)
	if err != nil {
		tfdiag.Operation{Name: "ask the control plane who it is"}.Report(diags, err)
		return "", false
	}
	return answer.ID, true
}

// ObjectRecord is an object as the control plane answered it, and where a response keeps what is known of it beside its state.
type ObjectRecord struct {
	ID       string
	Revision int64
	Identity *tfsdk.ResourceIdentity
	Private  PrivateWriter
}

// SaveOrigin keeps which object answered, as its identity, and in the private state on which control plane and with which
// revision. Every verb that writes a state calls it, so none can forget the identity.
func (a *Access) SaveOrigin(ctx context.Context, m ObjectRecord, diags *diag.Diagnostics) {
	Identify(ctx, m.Identity, m.ID, diags)
	instance, ok := a.InstanceID(ctx, diags)
	if !ok {
		return
	}
	raw, err := json.Marshal(Origin{Instance: instance, Revision: m.Revision})
	if err != nil {
		diags.AddError(tfdiag.TitleProviderBug, fmt.Sprintf("Write the private state of the resource: %s", err))
		return
	}
	diags.Append(m.Private.SetKey(ctx, privateKey, raw)...)
}

// CheckMoved is for an object that was found: it warns if that was on another control plane than the one it was last seen on
// (restored from a copy, or moved), and remembers the one that answered.
func (a *Access) CheckMoved(
	ctx context.Context, m ObjectRecord, origin Origin, object string, diags *diag.Diagnostics,
) {
	instance, ok := a.InstanceID(ctx, diags)
	if !ok {
		return
	}
	if origin.Instance != "" && origin.Instance != instance {
		diags.AddWarning(tfdiag.TitleMoved, fmt.Sprintf(
			"%s was last seen on the control plane %s and was now found, under the same id, on another one: %s (%s). "+
				"It is taken to be the same one, restored or moved.",
			object, origin.Instance, instance, a.Location))
	}
	a.SaveOrigin(ctx, m, diags)
}

// HandleMissing decides what it means that the control plane does not know an object that is read. On the control plane that the
// object was last seen on, it was deleted: Gone takes it out of the state, with a warning. On another one it is an error,
// since taking it out of the state would create it anew at the wrong place.
func (a *Access) HandleMissing(ctx context.Context, origin Origin, id, object string, resp *resource.ReadResponse) {
	// The framework wants an identity of what is gone as well, and a state of an older Terraform brings none.
	Identify(ctx, resp.Identity, id, &resp.Diagnostics)
	if !a.WasDeleted(ctx, origin, object, &resp.Diagnostics) {
		return
	}
	resp.State.RemoveResource(ctx)
	resp.Diagnostics.AddWarning(tfdiag.TitleDeletedOutside,
		object+" does not exist any more on the control plane: it was deleted outside of Terraform. "+
			"It is taken out of the state; the next plan creates it again if it is still configured.")
}

// WasDeleted is true if a missing object was deleted. It reports an error if this is another control plane than the one that
// the object was last seen on.
func (a *Access) WasDeleted(ctx context.Context, origin Origin, object string, diags *diag.Diagnostics) bool {
	instance, ok := a.InstanceID(ctx, diags)
	if !ok {
		return false
	}
	if origin.Instance != "" && origin.Instance != instance {
		diags.AddError(tfdiag.TitleOtherControlPlane, fmt.Sprintf(
			"%s lives on the control plane %s, but this is another one: %s (%s), which does not know it. %s",
			object, origin.Instance, instance, a.Location, a.recoveryHint()))
		return false
	}
	return true
}

// recoveryHint names what can be done about a wrong control plane.
func (a *Access) recoveryHint() string {
	if a.Embedded {
		return "The data directory was probably lost or left on another machine. The ways out:\n" +
			"1. Bring the right data directory back, or set data_dir (RIVA_DATA_DIR) to where it is; the keyset belongs to it. " +
			"If this one is new and empty, remove it first: what is moved to where it is would end up inside it.\n" +
			"2. Share a control plane between machines: set endpoint (RIVA_ENDPOINT).\n" +
			"3. If it is lost for good, take the resources out of the state with terraform state rm, then apply to create " +
			"them anew."
	}
	return "The endpoint is probably that of another control plane. The ways out:\n" +
		"1. Set endpoint (RIVA_ENDPOINT) to the control plane that has it.\n" +
		"2. Restore the database of the control plane from a copy.\n" +
		"3. If it is lost for good, take the resources out of the state with terraform state rm, then apply to create them " +
		"anew."
}
