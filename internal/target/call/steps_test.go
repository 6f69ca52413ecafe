package call_test

import (
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// A general help step about the place that the step of the error names is not shown too.
func TestHelpNamesEachPlaceOnce(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		hint    string
		general string
		shown   bool
	}{
		"same step":       {"Wait.", "Wait.", false},
		"same screen":     {"Setup → Users: activate the user.", "If it is locked: Setup → Users: unlock the user.", false},
		"same command":    {"`Get-User` must list it.", "Check the list: `Get-User`.", false},
		"another screen":  {"Setup → Users: activate the user.", "Setup → Users → Roles: grant the role.", true},
		"another command": {"`Get-User` must list it.", "`Get-Role` must list it.", true},
		"no place":        {"Compare the password.", "Contact the administrators.", true},
	} {
		a := failingAccount(&target.Fault{Code: target.Misconfigured, Hint: test.hint, Help: []string{test.general}})
		_, _, err := call.SignIn(t.Context(), a)
		fault, ok := target.AsFault(err)
		if !ok || fault.Help[0] != test.hint || slices.Contains(fault.Help[1:], test.general) != test.shown {
			t.Errorf("%s: got %+v", name, fault)
		}
	}
}
