package provider_test

import (
	"fmt"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// unverified is a configuration of the usual size. It is not verified, so that no target system is called.
func unverified(n int) values {
	return values{"name": fmt.Sprintf("Connection %d", n), "verify_credentials": false, "exchange": values{
		"ews_url":  "https://mail.example.com/EWS/Exchange.asmx",
		"username": fmt.Sprintf("svc-riva-%d@example.com", n), "password_wo": "measured-Password!",
	}}
}

// prepared has the calls for a connection that exists.
func prepared(tb testing.TB) acctest.Prepared {
	tb.Helper()
	p := acctest.Empty(tb).Protocol()
	return p.Prepare(p.Create("riva_connection", unverified(0)), unverified(0))
}

// prepareCreates has the calls of creates, each of another connection.
func prepareCreates(tb testing.TB, n int) []acctest.Prepared {
	tb.Helper()
	p := acctest.Empty(tb).Made().Protocol()
	all := make([]acctest.Prepared, n)
	for i := range all {
		all[i] = p.Prepare(acctest.Instance{Type: "riva_connection"}, unverified(i))
	}
	return all
}

func BenchmarkValidate(b *testing.B) { measure(b, prepared(b).Validate) }
func BenchmarkUpgrade(b *testing.B)  { measure(b, prepared(b).Upgrade) }
func BenchmarkRead(b *testing.B)     { measure(b, prepared(b).Read) }
func BenchmarkPlan(b *testing.B)     { measure(b, prepared(b).Plan) }

func BenchmarkCreate(b *testing.B) {
	all := prepareCreates(b, b.N)
	b.ReportAllocs()
	b.ResetTimer()
	for _, calls := range all {
		calls.Apply()
	}
}

func measure(b *testing.B, call func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		call()
	}
}

// Allocations do not depend on the machine or its load, hardly on the race detector, and are most of the time of a plan. The
// limits are 15 percent above what is measured (go test -bench .). Lower them when the provider does less.
//
//nolint:paralleltest // the allocations of other tests would count
func TestCallsDoNotAllocateMore(t *testing.T) {
	const runs = 50
	calls := prepared(t)
	creates := prepareCreates(t, runs+1)
	for name, test := range map[string]struct {
		call  func()
		limit float64
	}{
		"validate": {calls.Validate, 1_900},
		"upgrade":  {calls.Upgrade, 2_090},
		"read":     {calls.Read, 4_780},
		"plan":     {calls.Plan, 10_190},
		"create": {func() {
			creates[0].Apply()
			creates = creates[1:]
		}, 7_020},
	} {
		t.Run(name, func(t *testing.T) {
			if got := testing.AllocsPerRun(runs, test.call); got > test.limit {
				t.Errorf("%.0f allocations, the limit is %.0f", got, test.limit)
			}
		})
	}
}
