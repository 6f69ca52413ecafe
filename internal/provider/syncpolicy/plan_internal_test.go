package syncpolicy

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestEnabledPolicyRequiresConnections(t *testing.T) {
	t.Parallel()
	email, crm := &target.System{Kind: target.Email}, &target.System{Kind: target.CRM}
	none, some, later := types.StringNull(), types.StringValue("id"), types.StringUnknown()
	for name, test := range map[string]struct {
		systems    []*target.System
		enabled    types.Bool
		crm, email types.String
		missing    []path.Path
	}{
		"email alone, given":       {[]*target.System{email}, types.BoolValue(true), none, some, nil},
		"email alone, unknown yet": {[]*target.System{email}, types.BoolValue(true), none, later, nil},
		"email alone, missing":     {[]*target.System{email}, types.BoolValue(true), none, none, roots("email_connection_id")},
		"disabled":                 {[]*target.System{email, crm}, types.BoolValue(false), none, none, nil},
		"enabled is unknown":       {[]*target.System{email, crm}, types.BoolUnknown(), none, none, nil},
		"both, one missing":        {[]*target.System{email, crm}, types.BoolValue(true), none, some, roots("crm_connection_id")},
		"both missing": {
			[]*target.System{email, crm}, types.BoolValue(true), none, none, roots("crm_connection_id", "email_connection_id"),
		},
		"both given": {[]*target.System{email, crm}, types.BoolValue(true), later, some, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			plan := model{attributes: attributes{
				Name: types.StringValue("Mail"), Enabled: test.enabled, CRMConnectionID: test.crm, EmailConnectionID: test.email,
			}}
			var diags diag.Diagnostics
			requireConnections(&plan, test.systems, &diags)
			if len(diags) != len(test.missing) {
				t.Fatalf("got %v, want errors at %v", diags, test.missing)
			}
			for i, d := range diags {
				at, ok := d.(diag.DiagnosticWithPath)
				if !ok || !at.Path().Equal(test.missing[i]) {
					t.Errorf("got %v, want it at %s", d, test.missing[i])
				}
			}
		})
	}
}

func roots(names ...string) []path.Path {
	paths := make([]path.Path, 0, len(names))
	for _, name := range names {
		paths = append(paths, path.Root(name))
	}
	return paths
}

func TestEmbeddedModeWarnsNoScheduler(t *testing.T) {
	t.Parallel()
	policy := model{attributes: attributes{Name: types.StringValue("Ada's mail")}}
	running, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		access *controlplane.Access
		want   string
	}{
		"embedded": {
			&controlplane.Access{Embedded: true, Location: "here", CommandOptions: []string{"--data-dir", "/srv/my data"}},
			"\n\n  '" + running + `' run-cycle --data-dir '/srv/my data' 'Ada'\''s mail'`,
		},
		"shared": {&controlplane.Access{}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			r := newResource()
			r.Access = test.access
			r.warnNoScheduler(&policy, &diags)
			switch {
			case diags.HasError() || diags.WarningsCount() > 1 || test.want == "" && diags.WarningsCount() > 0:
				t.Errorf("got %v", diags)
			case test.want != "" && (len(diags) != 1 || !strings.Contains(diags[0].Detail(), test.want)):
				t.Errorf("got %v, want a warning with %q", diags, test.want)
			}
		})
	}
}
