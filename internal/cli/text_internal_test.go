package cli

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestCycleOutputControlsNoTerminal(t *testing.T) {
	t.Parallel()
	const hostile = "\x1b]0;owned\a\u202e"
	cycle := ended(api.CycleFinished, 1, 1, 1)
	cycle.Fault = &api.Fault{Code: "throttled", Title: hostile, Message: hostile, Help: []string{hostile}}
	policy := policyNamed(hostile)
	s := &script{policies: []api.Policy{policy}, steps: []step{{cycle: cycle}}}
	var out strings.Builder
	run := cycleRun{api: s, out: visibleWriter{&out}}
	if err := run.run(t.Context(), policy.ID); err == nil {
		t.Error("a cycle with a fault succeeded")
	}
	if got := out.String(); strings.ContainsAny(got, "\x1b\a\u202e") || !strings.Contains(got, `  1. \x1b]0;owned\a\u202e`) {
		t.Errorf("the output is %q", got)
	}
}
