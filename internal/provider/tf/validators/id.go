package validators

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// exampleID is the example in error messages.
const exampleID = "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"

// ID accepts the id of an object, such as a "sync policy". Hint is a sentence on how to find one.
func ID(object, hint string) []validator.String { return []validator.String{id{object, hint}} }

// IsID reports whether a text has the form of an id. A name, an empty text or a part of an address does not.
func IsID(text string) bool {
	_, err := uuid.Parse(text)
	return err == nil && len(text) == len(exampleID) // the library accepts other spellings, which the control plane does not
}

type id struct{ object, hint string }

func (v id) Description(context.Context) string { return "value must be the id of a " + v.object }

func (v id) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v id) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || IsID(req.ConfigValue.ValueString()) {
		return
	}
	tfdiag.AddAttributeError(&resp.Diagnostics, req.Path, tfdiag.TitleInvalid, fmt.Sprintf(
		"%s must be the id of a %s, such as %q, but %q is not an id. %s",
		req.Path, v.object, exampleID, req.ConfigValue.ValueString(), v.hint))
}
