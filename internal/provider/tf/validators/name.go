// Package validators has the validators that several entities use. They report at plan what the control plane would report
// at apply: how long a name may be, and what an email address or an id looks like.
package validators

import (
	"context"
	"fmt"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Name accepts a display name: one line of 1 to 200 characters, without white space around it.
func Name() []validator.String {
	return []validator.String{
		stringvalidator.UTF8LengthBetween(1, api.MaxNameLength),
		stringvalidator.RegexMatches(regexp.MustCompile(`^\P{Cc}*$`),
			"value must not contain control characters, such as a line break or a tab"),
		stringvalidator.RegexMatches(regexp.MustCompile(`[^\s\pZ]|^$`), "value must not be only white space"),
		stringvalidator.RegexMatches(regexp.MustCompile(`^[\s\pZ]*$|(?s)^[^\s\pZ](.*[^\s\pZ])?$`),
			"value must not begin or end with white space: remove it, for example with trimspace(…)"),
		visible{},
	}
}

// visible accepts text that readers see all of, as the control plane does.
type visible struct{}

func (visible) Description(context.Context) string {
	return "value must not contain characters that are not visible or change the direction of text"
}

func (v visible) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (visible) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if err := names.Check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleInvalid, fmt.Sprintf("%s %s.", req.Path, err))
	}
}
