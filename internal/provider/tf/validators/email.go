package validators

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Email accepts one email address.
func Email() []validator.String {
	return []validator.String{stringvalidator.LengthAtMost(api.MaxEmailLength), email{}, visible{}}
}

// email accepts the same as a field of a target system that is an email address.
type email struct{}

func (email) Description(context.Context) string {
	return "value must be one email address such as user@example.com"
}

func (v email) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (email) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	field := target.Field{Name: req.Path.String(), Type: target.EmailAddress}
	if err := field.Check(req.ConfigValue.ValueString(), target.Network{}); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleInvalid, err.Error())
	}
}
