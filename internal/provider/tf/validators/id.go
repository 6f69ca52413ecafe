package validators

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// exampleID is the example in error messages.
const exampleID = "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"

// ID accepts the id of an object, such as a "sync policy". Hint is a sentence on how to find one. It is only for attributes that
// never have mocked values: in terraform test, the ids of a mocked provider are random texts. For other attributes, CheckID runs
// where the control plane is used.
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
	CheckID(req.Path, req.ConfigValue, v.object, v.hint, &resp.Diagnostics)
}

// CheckID adds an error for a known value that is not an id.
func CheckID(at path.Path, value types.String, object, hint string, diags *diag.Diagnostics) {
	if value.IsNull() || value.IsUnknown() || IsID(value.ValueString()) {
		return
	}
	tfdiag.AddAttributeError(diags, at, tfdiag.TitleInvalid, fmt.Sprintf(
		"%s must be the id of a %s, such as %q, but %q is not an id. %s", at, object, exampleID, value.ValueString(), hint))
}
