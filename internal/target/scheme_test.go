package target_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestWeakerScheme(t *testing.T) {
	t.Parallel()
	weaker := target.WeakerScheme([]string{"basic", "digest", "ntlm"}, "certificate")
	for _, c := range []struct {
		before, after string
		want          bool
	}{
		{"basic", "ntlm", false},
		{"ntlm", "digest", true},
		{"certificate", "ntlm", true},
		{"ntlm", "certificate", false},
		// Without a value, the server may have decided for the strongest that it can offer, and may decide for the weakest.
		{"", "basic", true},
		{"", "digest", true},
		{"", "ntlm", false},
		{"", "certificate", false},
		{"basic", "", false},
		{"digest", "", true},
		{"ntlm", "unknown", true},
		{"unknown", "basic", false},
	} {
		if got := weaker(c.before, c.after); got != c.want {
			t.Errorf("from %q to %q: %t", c.before, c.after, got)
		}
	}
}

func TestCheckScheme(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		known, setting, offered string
		refused                 bool
	}{
		{"", "", "basic", false},
		{"ntlm", "", "basic", true},
		{"ntlm", "", "ntlm", false},
		{"digest", "", "ntlm", false},
		{"ntlm", "basic", "basic", false},
	} {
		a := target.Account{Scheme: c.known, Settings: target.Settings{"authentication": c.setting}, System: &target.System{
			Fields: []target.Field{{Name: "authentication", Weakens: target.WeakerScheme([]string{"basic", "digest", "ntlm"})}},
		}}
		fault := a.CheckScheme("authentication", c.offered)
		if (fault != nil) != c.refused {
			t.Errorf("%q after %q, with the setting %q: %v", c.offered, c.known, c.setting, fault)
		}
		if fault != nil && (fault.Code != target.Misconfigured || fault.Field != "authentication" || len(fault.Help) == 0) {
			t.Errorf("got %+v", fault)
		}
	}
}
