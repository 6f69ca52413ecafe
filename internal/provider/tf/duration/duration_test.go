package duration_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
)

func value(t *testing.T, in any) duration.Value {
	t.Helper()
	taken, err := duration.Type{}.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.String, in))
	if err != nil {
		t.Fatal(err)
	}
	v, ok := taken.(duration.Value)
	if !ok {
		t.Fatalf("took a %T", taken)
	}
	return v
}

func TestInvalidDurations(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		in    any
		wrong bool
	}{
		"a duration": {"1h30m", false},
		"unknown":    {tftypes.UnknownValue, false},
		"null":       {nil, false},
		"no unit":    {"5", true},
		"another":    {"5x", true},
		"empty":      {"", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var resp xattr.ValidateAttributeResponse
			value(t, test.in).ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("interval")}, &resp)
			if resp.Diagnostics.HasError() != test.wrong {
				t.Fatalf("%v", resp.Diagnostics)
			}
			for _, d := range resp.Diagnostics {
				if !strings.HasPrefix(d.Detail(), "interval must be a duration") || strings.Contains(d.Detail(), `\n`) {
					t.Errorf("got %s", d.Detail())
				}
			}
		})
	}
}

func TestSemanticEquality(t *testing.T) {
	t.Parallel()
	hour, minutes, less := value(t, "1h"), value(t, "60m"), value(t, "59m")
	if same, diags := hour.StringSemanticEquals(t.Context(), minutes); !same || diags.HasError() {
		t.Errorf("1h and 60m: %v, %v", same, diags)
	}
	if same, _ := hour.StringSemanticEquals(t.Context(), less); same {
		t.Error("1h and 59m are the same")
	}
	if hour.Equal(minutes) || !hour.Equal(value(t, "1h")) {
		t.Error("equal is what is spelled the same")
	}
}
