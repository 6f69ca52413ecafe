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

// privateKey is the key of the origin in the private state of a resource.
const privateKey = "origin"

// Origin is what a resource stores of the control plane beside its state.
type Origin struct {
	// Instance is the id of the control plane that the object was last read from. It is empty if unknown.
	Instance string `json:"instance"`
	// Revision is the revision that was last read, for If-Match.
	Revision int64 `json:"revision"`
}

// PrivateReader is the private state in a request.
type PrivateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// PrivateWriter is the private state in a response.
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

// InstanceID returns the instance id of the control plane, which is read once in a run. A create calls it first: an error after
// the object exists would taint it.
func (a *Access) InstanceID(ctx context.Context, diags *diag.Diagnostics) (instance string, ok bool) {
	found, err := a.Client.Instance(ctx)
	if err != nil {
		tfdiag.Operation{Name: "read the instance of the control plane"}.Report(diags, err)
		return "", false
	}
	return found.ID, true
}

// ObjectRecord is the version of an object, and where a response stores it beside the state.
type ObjectRecord struct {
	ID       string
	Revision int64
	Identity *tfsdk.ResourceIdentity
	Private  PrivateWriter
}

// SaveOrigin writes the identity of an object, and the control plane and revision into the private state. Every verb that writes
// a state calls it, so that none misses the identity.
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

// CheckMoved is for an object that was found. It warns if it was last read from another control plane, as after a restore from a
// copy or a move, and saves the origin.
func (a *Access) CheckMoved(
	ctx context.Context, m ObjectRecord, origin Origin, object string, diags *diag.Diagnostics,
) {
	instance, ok := a.InstanceID(ctx, diags)
	if !ok {
		return
	}
	if origin.Instance != "" && origin.Instance != instance {
		diags.AddWarning(tfdiag.TitleMoved, fmt.Sprintf(
			"%s was last read from the control plane %s and was now found, with the same id, on another one: %s (%s). "+
				"It is treated as the same object, restored or moved.",
			object, origin.Instance, instance, a.Location))
	}
	a.SaveOrigin(ctx, m, diags)
}

// HandleMissing handles an object that the control plane does not have. If the object was last read from this control plane, it
// was deleted: it is removed from the state, with a warning. On another control plane this is an error, since the next plan
// would create the object again in the wrong place.
func (a *Access) HandleMissing(ctx context.Context, origin Origin, id, object string, resp *resource.ReadResponse) {
	// The framework requires an identity here as well, and a state of an older Terraform has none.
	Identify(ctx, resp.Identity, id, &resp.Diagnostics)
	if !a.WasDeleted(ctx, origin, object, &resp.Diagnostics) {
		return
	}
	resp.State.RemoveResource(ctx)
	resp.Diagnostics.AddWarning(tfdiag.TitleDeletedOutside,
		object+" no longer exists on the control plane: it was deleted outside of Terraform. "+
			"It is removed from the state. If it is still configured, the next plan creates it again.")
}

// WasDeleted reports whether a missing object was deleted. If the object was last read from another control plane, it adds an
// error and returns false.
func (a *Access) WasDeleted(ctx context.Context, origin Origin, object string, diags *diag.Diagnostics) bool {
	instance, ok := a.InstanceID(ctx, diags)
	if !ok {
		return false
	}
	if origin.Instance != "" && origin.Instance != instance {
		diags.AddError(tfdiag.TitleOtherControlPlane, fmt.Sprintf(
			"%s is on the control plane %s, but the provider uses another one: %s (%s), which does not have it. %s",
			object, origin.Instance, instance, a.Location, a.recoveryHint()))
		return false
	}
	return true
}

// recoveryHint lists the ways to solve a wrong control plane.
func (a *Access) recoveryHint() string {
	switch {
	case a.Database != "":
		return "The address is probably that of another database. Solutions:\n" +
			"1. Set database_url (RIVA_DATABASE_URL) to the database that has the object.\n" +
			"2. Restore the database from a backup, and its keyset.\n" +
			"3. If the data is lost, remove the resources from the state with terraform state rm, then apply to create them again."
	case a.Embedded:
		return "The data directory was probably lost or left on another machine. Solutions:\n" +
			"1. Restore the right data directory together with its keyset, or set data_dir (RIVA_DATA_DIR) to its path. If the " +
			"present one is new and empty, remove it first: otherwise the restored directory is moved into it.\n" +
			"2. Use a control plane that machines share: set database_url (RIVA_DATABASE_URL) or endpoint (RIVA_ENDPOINT).\n" +
			"3. If the data is lost, remove the resources from the state with terraform state rm, then apply to create them " +
			"again."
	}
	return "The endpoint is probably the address of another control plane. Solutions:\n" +
		"1. Set endpoint (RIVA_ENDPOINT) to the control plane that has the object.\n" +
		"2. Restore the database of the control plane from a backup.\n" +
		"3. If the data is lost, remove the resources from the state with terraform state rm, then apply to create them again."
}
