package syncpolicy

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestIntervalFormat(t *testing.T) {
	t.Parallel()
	for want, interval := range map[string]time.Duration{
		"15m":     15 * time.Minute,
		"30m":     30 * time.Minute,
		"1h":      time.Hour,
		"1h30m":   90 * time.Minute,
		"24h":     24 * time.Hour,
		"10h":     10 * time.Hour,
		"15m30s":  15*time.Minute + 30*time.Second,
		"1h0m10s": time.Hour + 10*time.Second,
		"20m0.5s": 20*time.Minute + 500*time.Millisecond,
	} {
		shown := formatInterval(interval)
		if got := shown.ValueString(); got != want {
			t.Errorf("%s is written %q, want %q", interval, got, want)
		}
		if back, diags := shown.ValueGoDuration(); diags.HasError() || back != interval {
			t.Errorf("%q reads as %s, want %s (%v)", want, back, interval, diags)
		}
	}
}

func TestIntervalIsValidated(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value types.String
		title string
	}{
		"shortest":          {types.StringValue("15m"), ""},
		"in seconds":        {types.StringValue("900s"), ""},
		"unknown":           {types.StringUnknown(), ""},
		"null":              {types.StringNull(), ""},
		"just too short":    {types.StringValue("14m59s"), "Interval Too Short"},
		"zero":              {types.StringValue("0"), "Interval Too Short"},
		"negative":          {types.StringValue("-30m"), "Interval Too Short"},
		"just long enough":  {types.StringValue("744h"), ""},
		"just too long":     {types.StringValue("744h1s"), "Interval Too Long"},
		"parts of a second": {types.StringValue("15m0.5s"), "Interval Not in Whole Seconds"},
		"left to the type":  {types.StringValue("abc"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp validator.StringResponse
			req := validator.StringRequest{Path: path.Root("interval"), ConfigValue: test.value}
			intervalValidator{}.ValidateString(t.Context(), req, &resp)
			switch {
			case test.title == "" && resp.Diagnostics.HasError():
				t.Errorf("rejected: %v", resp.Diagnostics)
			case test.title != "" && (len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != test.title):
				t.Errorf("got %v, want one titled %q", resp.Diagnostics, test.title)
			}
		})
	}
}

func TestSpellingOfTheSameIntervalIsKept(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ state, plan, want types.String }{
		"same duration":  {types.StringValue("60m"), types.StringValue("1h"), types.StringValue("60m")},
		"other duration": {types.StringValue("60m"), types.StringValue("2h"), types.StringValue("2h")},
		"new":            {types.StringNull(), types.StringValue("1h"), types.StringValue("1h")},
		"unknown":        {types.StringValue("60m"), types.StringUnknown(), types.StringUnknown()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resp := planmodifier.StringResponse{PlanValue: test.plan}
			req := planmodifier.StringRequest{StateValue: test.state, PlanValue: test.plan}
			keepEqualInterval{}.PlanModifyString(t.Context(), req, &resp)
			if !resp.PlanValue.Equal(test.want) {
				t.Errorf("planned %s, want %s", resp.PlanValue, test.want)
			}
		})
	}
}
