package main

import (
	"strings"
	"testing"
)

func TestCallsAreCountedByKind(t *testing.T) {
	t.Parallel()
	// The order of the fields differs between lines.
	const log = `
2026-03-01T10:00:00.000Z [DEBUG] provider.terraform-provider-riva_v0.1.0: response from the control plane: ` +
		`status=200 method=GET @module=riva.riva_api path=/v1/users/01a22e41-558f-7641-8af8-20c9e90e188e attempt=1
2026-03-01T10:00:00.000Z [DEBUG] provider.terraform-provider-riva_v0.1.0: response from the control plane: ` +
		`path=/v1/users/01a22e41-5594-7170-b3b6-62fb72357223 attempt=1 method=GET
2026-03-01T10:00:00.000Z [DEBUG] provider.terraform-provider-riva_v0.1.0: response from the control plane: ` +
		`attempt=1 method=GET path=/v1/instance status=200
2026-03-01T10:00:00.000Z [DEBUG] provider: plugin exited: path=/bin/terraform-provider-riva method=GET
`
	counted, err := callsInLog(strings.NewReader(log))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := counted.String(), "2 `GET /v1/users/{id}`, 1 `GET /v1/instance`"; got != want {
		t.Errorf("the log has the calls %s, want %s", got, want)
	}
	if got := counted.total(); got != 3 {
		t.Errorf("the log has %d calls, want 3", got)
	}
}
