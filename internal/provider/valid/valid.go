// Package valid says at plan what the control plane would say at apply: how long a name may be, what an email address
// looks like.
package valid

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxName is the longest name that the control plane takes, in characters.
const maxName = 200

// Name accepts a name for people: one line of 1 to 200 characters.
func Name() []validator.String {
	return []validator.String{
		stringvalidator.UTF8LengthBetween(1, maxName),
		text{kind: target.String, what: "one line of text without control characters"},
	}
}

// Email accepts one email address.
func Email() validator.String {
	return text{kind: target.EmailAddress, what: "one email address such as user@example.com"}
}

// text accepts what a field of a target system of the same type would.
type text struct {
	kind target.Type
	what string
}

func (v text) Description(context.Context) string { return "value must be " + v.what }

func (v text) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v text) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	field := target.Field{Name: req.Path.String(), Type: v.kind}
	if err := field.Check(req.ConfigValue.ValueString(), target.Network{}); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleInvalid, err.Error())
	}
}
