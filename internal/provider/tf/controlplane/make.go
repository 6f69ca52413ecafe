package controlplane

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// NotMade is an embedded control plane that may not exist yet. Only the first create makes it: a plan or a read on a machine
// without the data directory must not take an empty control plane for the right one.
type NotMade struct {
	Plane interface {
		Exists() bool
		Make(ctx context.Context) (keyset string, made bool, err error)
	}
	// DataDir is where it is made.
	DataDir string
	// Temporary means that the directory will be lost with the run: it is the default one, in a pipeline.
	Temporary bool
}

// Missing reports whether the control plane does not exist yet.
func (a *Access) Missing() bool { return a.NotMade != nil && !a.NotMade.Plane.Exists() }

// PlanMake checks at plan that a create may make the control plane.
func (a *Access) PlanMake(diags *diag.Diagnostics) {
	if !a.Missing() || !a.NotMade.Temporary {
		return
	}
	diags.AddError(tfdiag.TitleNewDataDirectory, fmt.Sprintf(
		"The default data directory, %s, has no control plane, and this looks like an automated run (CI or TF_IN_AUTOMATION is set). "+
			"A new directory would be lost after the run, with the connections in it. Solutions:\n"+
			"1. Set data_dir (RIVA_DATA_DIR) to a directory on a disk that stays, and keyset (RIVA_KEYSET) or keyset_json "+
			"(RIVA_KEYSET_JSON).\n"+
			"2. Use a PostgreSQL database: set database_url (RIVA_DATABASE_URL), with a keyset as above.\n"+
			"3. Use a shared control plane: set endpoint (RIVA_ENDPOINT).", a.NotMade.DataDir))
}

// Make makes the control plane if it does not exist. Every create calls it first. It names the keyset of a new control plane,
// once: without the keyset, a copy of the data directory is worthless.
func (a *Access) Make(ctx context.Context, diags *diag.Diagnostics) {
	if a.NotMade == nil {
		return
	}
	if a.PlanMake(diags); diags.HasError() {
		return
	}
	keyset, made, err := a.NotMade.Plane.Make(ctx)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		operation := tfdiag.Operation{Name: "create the control plane in " + a.NotMade.DataDir, AfterTimeout: a.AfterTimeout("create")}
		operation.Report(diags, context.Cause(ctx))
		return
	case err != nil:
		diags.AddError(tfdiag.TitleOpenEmbedded, fmt.Sprintf("Could not create the control plane in %s: %s.", a.NotMade.DataDir, err))
		return
	}
	if !made {
		return
	}
	text := fmt.Sprintf("This apply created a control plane in the data directory %s.", a.NotMade.DataDir)
	if keyset != "" {
		text += fmt.Sprintf(" The keyset that seals its credentials is the file %s. Back up both: one is worthless without the other. "+
			"To start over, delete both.", keyset)
	}
	diags.AddWarning(tfdiag.TitleMade, text)
}

// CheckExists adds an error if the control plane does not exist, for an object that is in the state. It never counts as deleted.
func (a *Access) CheckExists(object string, diags *diag.Diagnostics) bool {
	if !a.Missing() {
		return true
	}
	diags.AddError(tfdiag.TitleOtherControlPlane, fmt.Sprintf(
		"%s is in the state, but the data directory %s has no control plane. %s", object, a.NotMade.DataDir, a.recoveryHint()))
	return false
}
