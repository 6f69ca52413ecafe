package controlplane

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
)

// Lookup is how one sort of object is found for an import: by id or identity, or by what people know it by.
type Lookup[T any] struct {
	// Object names the sort, such as "connection".
	Object string
	// Key is the attribute that is unique beside the id, and Example a value of it. An import by it is "name=Exchange".
	Key, Example string
	// Hint tells where else to look, as a sentence; it may be empty.
	Hint string

	ByID, ByKey func(ctx context.Context, value string) (T, error)
}

// Import finds the object that an import asks for; false if it reported why there is none. The time-out is the default one:
// an import has no configuration yet.
func (l Lookup[T]) Import(
	ctx context.Context, a *Access, req resource.ImportStateRequest, diags *diag.Diagnostics,
) (T, bool) {
	ctx, cancel := context.WithTimeout(ctx, DefaultTimeout)
	defer cancel()
	var none T
	asked := req.ID
	if asked == "" { // by identity
		var id types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root(identityKey), &id)...)
		if diags.HasError() {
			return none, false
		}
		asked = id.ValueString()
	}
	wanted, find := asked, l.ByID
	if value, ok := strings.CutPrefix(req.ID, l.Key+"="); ok {
		wanted, find = value, l.ByKey
	}
	found, err := find(ctx, wanted)
	switch {
	case api.IsNotFound(err):
		diags.AddError(tfdiag.TitleImport, strings.TrimSpace(fmt.Sprintf(
			"The control plane (%s) has no %s %q. Import by id, or by %s: \"%s=%s\". %s",
			a.Where, l.Object, asked, l.Key, l.Key, l.Example, l.Hint)))
		return none, false
	case err != nil:
		tfdiag.Attempt{Doing: fmt.Sprintf("import the %s %q", l.Object, asked)}.Report(diags, err)
		return none, false
	}
	return found, true
}
