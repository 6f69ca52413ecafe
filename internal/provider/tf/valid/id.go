package valid

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// exampleID shows people what they look for.
const exampleID = "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"

// ID accepts the id of an object, such as a "sync policy". Finding is a sentence on how to come by one.
func ID(object, finding string) []validator.String { return []validator.String{id{object, finding}} }

// IsID tells ids from all that cannot be one, such as a name, nothing at all or a part of an address.
func IsID(text string) bool {
	_, err := uuid.Parse(text)
	return err == nil && len(text) == len(exampleID) // the library takes other spellings, which the control plane does not
}

type id struct{ object, hint string }

func (v id) Description(context.Context) string { return "value must be the id of a " + v.object }

func (v id) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v id) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || IsID(req.ConfigValue.ValueString()) {
		return
	}
	tfdiag.AddAttributeError(&resp.Diagnostics, req.Path, tfdiag.TitleInvalid, fmt.Sprintf(
		"%s must be the id of a %s, such as %q, and %q is none. %s",
		req.Path, v.object, exampleID, req.ConfigValue.ValueString(), v.hint))
}
