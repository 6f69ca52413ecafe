package controlplane

import (
	"context"
	"fmt"
	"time"

	actiontimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/action/timeouts"
	datatimeouts "github.com/hashicorp/terraform-plugin-framework-timeouts/datasource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	actionschema "github.com/hashicorp/terraform-plugin-framework/action/schema"
	dataschema "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// ResourceTimeouts is the timeouts block of a resource, whose errors name the attribute. Those of the library do not, and it
// accepts negative durations.
func ResourceTimeouts(ctx context.Context) schema.Block {
	block := timeouts.Block(ctx, timeouts.Opts{
		Create: true, Read: true, Update: true, Delete: true,
		CreateDescription: limit("creating"), ReadDescription: limit("reading"),
		UpdateDescription: limit("changing"), DeleteDescription: limit("deleting"),
	})
	if nested, ok := block.(schema.SingleNestedBlock); ok {
		validateTimeouts(nested.Attributes)
	}
	return block
}

// DataTimeouts is [ResourceTimeouts] for a data source.
func DataTimeouts(ctx context.Context) dataschema.Block {
	block := datatimeouts.BlockWithOpts(ctx, datatimeouts.Opts{ReadDescription: limit("reading")})
	if nested, ok := block.(dataschema.SingleNestedBlock); ok {
		validateTimeouts(nested.Attributes)
	}
	return block
}

// ActionTimeouts is [ResourceTimeouts] for an action. The description says what is limited, and the default.
func ActionTimeouts(ctx context.Context, description string) actionschema.Block {
	block := actiontimeouts.BlockWithOpts(ctx, actiontimeouts.Opts{InvokeDescription: description})
	if nested, ok := block.(actionschema.SingleNestedBlock); ok {
		validateTimeouts(nested.Attributes)
	}
	return block
}

// limit describes the timeout of an operation. What the libraries say about each is far longer.
func limit(operation string) string {
	return fmt.Sprintf("Time limit for %s, such as `\"2m\"` (default `\"%.0fm\"`).", operation, DefaultTimeout.Minutes())
}

// validateTimeouts replaces the validators of the library. A is the type of attributes of one kind of schema.
func validateTimeouts[A any](attributes map[string]A) {
	ours := []validator.String{timeoutValidator{}}
	for name, attribute := range attributes {
		var validated any
		switch text := any(attribute).(type) {
		case schema.StringAttribute:
			text.Validators = ours
			validated = text
		case dataschema.StringAttribute:
			text.Validators = ours
			validated = text
		case actionschema.StringAttribute:
			text.Validators = ours
			validated = text
		}
		if validated, ok := validated.(A); ok {
			attributes[name] = validated
		}
	}
}

type timeoutValidator struct{}

func (timeoutValidator) Description(context.Context) string {
	return "value must be a duration such as \"30m\""
}

func (v timeoutValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (timeoutValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if limit, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || limit <= 0 {
		tfdiag.AddAttributeError(&resp.Diagnostics, req.Path, tfdiag.TitleInvalid, fmt.Sprintf(
			"%s must be a duration such as \"30s\", \"15m\" or \"1h30m\", longer than zero, but it is %q.",
			req.Path, req.ConfigValue.ValueString()))
	}
}
