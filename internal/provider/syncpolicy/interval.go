package syncpolicy

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// formatInterval formats a duration the usual way: "30m" and "1h", where Go has "30m0s" and "1h0m0s".
func formatInterval(d time.Duration) duration.Value {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return duration.Value{GoDuration: timetypes.NewGoDurationValueFromStringMust(text)}
}

// intervalValidator accepts whole seconds from [api.MinInterval] to [api.MaxInterval].
type intervalValidator struct{}

func (intervalValidator) Description(context.Context) string {
	return "value must be a duration of 15 minutes to 31 days, such as \"30m\""
}

func (v intervalValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString ignores a text that is not a duration: the type of the attribute reports it, with the units.
func (v intervalValidator) ValidateString(
	_ context.Context, req validator.StringRequest, resp *validator.StringResponse,
) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	interval, err := time.ParseDuration(req.ConfigValue.ValueString())
	switch {
	case err != nil:
		return
	case interval < api.MinInterval:
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleIntervalTooShort, fmt.Sprintf(
			"A sync policy runs at most every 15 minutes: the interval must be \"15m\" or longer, but it is %q.",
			req.ConfigValue.ValueString()))
	case interval > api.MaxInterval:
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleIntervalTooLong, fmt.Sprintf(
			"A sync policy runs at least every 31 days: the interval must be \"744h\" or shorter, but it is %q.",
			req.ConfigValue.ValueString()))
	case interval%time.Second != 0:
		resp.Diagnostics.AddAttributeError(req.Path, tfdiag.TitleIntervalNotWhole, fmt.Sprintf(
			"The interval must be a number of whole seconds, but it is %q.", req.ConfigValue.ValueString()))
	}
}

// keepEqualInterval plans the prior spelling of an equal interval, so that "60m" rewritten as "1h" is not a change.
type keepEqualInterval struct{}

func (keepEqualInterval) Description(context.Context) string {
	return "Two spellings of the same duration are not a change."
}

func (m keepEqualInterval) MarkdownDescription(ctx context.Context) string { return m.Description(ctx) }

func (keepEqualInterval) PlanModifyString(
	_ context.Context, req planmodifier.StringRequest, resp *planmodifier.StringResponse,
) {
	if req.StateValue.IsNull() || req.PlanValue.IsNull() || req.PlanValue.IsUnknown() {
		return
	}
	before, errBefore := time.ParseDuration(req.StateValue.ValueString())
	planned, errPlanned := time.ParseDuration(req.PlanValue.ValueString())
	if errBefore == nil && errPlanned == nil && before == planned {
		resp.PlanValue = req.StateValue
	}
}
