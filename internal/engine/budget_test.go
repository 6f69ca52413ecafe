package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// A hostile target system takes as long as it can for everything that belongs to a test: the sum stays within the test's time.
func TestHostileTargetTakesNoLongerThanTest(t *testing.T) {
	t.Parallel()
	forever := func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }
	nearly := func(context.Context) error {
		<-time.After(call.TimeForCalls(api.TestTimeout) - time.Nanosecond)
		return nil
	}
	logOff := func(ctx context.Context) {
		for range 3 { // such as the sessions that were lost during the test
			ctx, cancel := call.WithCleanUp(ctx)
			_ = forever(ctx)
			cancel()
		}
	}
	for name, hostile := range map[string]struct {
		signIn, test func(context.Context) error
		logOff       func(context.Context)
		passed       bool
		// takes is the whole time.
		takes time.Duration
	}{
		"in the sign-in":   {signIn: forever, logOff: logOff, takes: call.TimeForCalls(api.TestTimeout)},
		"in the test":      {test: forever, takes: call.TimeForCalls(api.TestTimeout)},
		"at the log-off":   {logOff: logOff, passed: true, takes: 3 * call.OptionalCallTimeout},
		"in the last step": {signIn: nearly, test: forever, logOff: logOff, takes: api.TestTimeout},
		"everywhere":       {signIn: nearly, logOff: logOff, passed: true, takes: api.TestTimeout},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newFixture(t)
				c := w.create(newMail("Mail"))
				w.mail.set(func(f *fake) {
					f.before, f.after = hostile.signIn, hostile.logOff
					if hostile.test != nil {
						f.during = func(ctx context.Context, _ string) error { return hostile.test(ctx) }
					}
				})
				began := time.Now()
				result, err := w.TestConnection(w.ctx, c.ID, model.TestRequest{})
				took := time.Since(began)
				if err != nil || result.Passed != hostile.passed {
					t.Errorf("got %+v, %v", result, err)
				}
				if took > api.TestTimeout || took.Round(time.Second) != hostile.takes {
					t.Errorf("it took %s, want %s", took, hostile.takes)
				}
			})
		})
	}
}
