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
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// Lookup finds an object for an import: by id, by identity, or by another unique attribute.
type Lookup[T any] struct {
	Kind ObjectKind
	// Key is an attribute that is unique as well, and Example a value of it. An import by it is "name=Exchange".
	Key, Example string

	ByID, ByKey func(ctx context.Context, value string) (T, error)
}

// Import finds the object that an import requests. It returns false after it has reported an error. The timeout is the default,
// since an import has no configuration.
func (l Lookup[T]) Import(
	ctx context.Context, a *Access, req resource.ImportStateRequest, diags *diag.Diagnostics,
) (T, bool) {
	ctx, cancel := WithFixedTimeout(ctx)
	defer cancel()
	var none T
	requested := req.ID
	if requested == "" { // by identity
		var id types.String
		diags.Append(req.Identity.GetAttribute(ctx, path.Root(identityKey), &id)...)
		if diags.HasError() {
			return none, false
		}
		requested = id.ValueString()
	}
	wanted, find, byKey := requested, l.byID, false
	if value, ok := strings.CutPrefix(req.ID, l.Key+"="); ok {
		wanted, find, byKey = value, l.ByKey, true
	}
	found, err := find(ctx, wanted)
	switch {
	case api.IsNotFound(err) && byKey:
		diags.AddError(tfdiag.TitleImport, a.NameNotFoundText(ctx, l.Kind, wanted))
		return none, false
	case api.IsNotFound(err):
		diags.AddError(tfdiag.TitleImport, fmt.Sprintf("%s Import by id, or by %s: \"%s=%s\".",
			a.NotFoundText(l.Kind, requested), l.Key, l.Key, l.Example))
		return none, false
	case err != nil:
		tfdiag.Operation{Name: fmt.Sprintf("import the %s %q", l.Kind.Name, requested)}.Report(diags, err)
		return none, false
	}
	return found, true
}

// byID finds by id. A text that cannot be an id is not sent: it would become part of an address.
func (l Lookup[T]) byID(ctx context.Context, id string) (T, error) {
	if !validators.IsID(id) {
		var none T
		return none, api.NotFound(l.Kind.Name, id)
	}
	return l.ByID(ctx, id)
}
