package controlplane_test

import (
	"context"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// private is a private state with the same value for every key.
type private string

// GetKey returns the value.
func (p private) GetKey(context.Context, string) ([]byte, diag.Diagnostics) { return []byte(p), nil }

func TestReadOrigin(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		kept string
		want controlplane.Origin
		fail bool
	}{
		"empty": {},
		"kept": {
			kept: `{"instance":"0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10","revision":7}`,
			want: controlplane.Origin{Instance: "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10", Revision: 7},
		},
		"from a newer version": {
			kept: `{"instance":"i","revision":2,"more":true}`, want: controlplane.Origin{Instance: "i", Revision: 2},
		},
		"invalid": {kept: `"text"`, fail: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			got := controlplane.ReadOrigin(t.Context(), private(c.kept), &diags)
			if got != c.want || diags.HasError() != c.fail {
				t.Errorf("read %+v, diagnostics %v; want %+v, an error: %v", got, diags, c.want, c.fail)
			}
		})
	}
}

func TestWarningIsShownOnce(t *testing.T) {
	t.Parallel()
	var access controlplane.Access
	if !access.FirstTime("one") || access.FirstTime("one") || !access.FirstTime("another") {
		t.Error("each text must be new once")
	}
}

func TestWrongProviderDataIsBug(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	if controlplane.FromProvider(nil, &diags) != nil || diags.HasError() {
		t.Errorf("before the provider is configured neither access nor an error is expected: %v", diags)
	}
	if controlplane.FromProvider("text", &diags) != nil || !diags.HasError() ||
		diags[0].Summary() != tfdiag.TitleProviderBug {
		t.Errorf("a text as access gave %v", diags)
	}
}

func TestTimestamp(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 22, 14, 0, 0, 250_000_000, time.FixedZone("", 3600))
	if got, want := controlplane.Timestamp(at).ValueString(), "2026-11-22T13:00:00.25Z"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !controlplane.OptionalTimestamp(nil).IsNull() {
		t.Error("an absent time must be null")
	}
}
