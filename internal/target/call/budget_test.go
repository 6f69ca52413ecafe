package call_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestBudgetLeavesTimeToCleanUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		late := errors.New("late")
		began := time.Now()
		ctx, cancel := call.WithBudget(t.Context(), time.Minute, late)
		defer cancel()
		<-ctx.Done()
		if took := time.Since(began); took != 55*time.Second || !errors.Is(context.Cause(ctx), late) {
			t.Errorf("the calls ended after %s: %v", took, context.Cause(ctx))
		}
		<-time.After(2 * time.Second) // the calls ended late
		for range 2 {
			cleanUp, cancel := call.WithCleanUp(ctx)
			<-cleanUp.Done()
			cancel()
		}
		if took := time.Since(began); took != time.Minute {
			t.Errorf("the clean-up ended after %s", took)
		}
	})
}

func TestCleanUpWithoutBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		began := time.Now()
		cleanUp, cancel := call.WithCleanUp(ctx)
		defer cancel()
		<-cleanUp.Done()
		if took := time.Since(began); took != call.OptionalCallTimeout {
			t.Errorf("it ended after %s", took)
		}
	})
}

// Two connections of a policy share the time of the policy.
func TestBudgetInsideAnother(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		outer, cancel := call.WithBudget(t.Context(), 24*time.Second, nil)
		defer cancel()
		for range 2 {
			ctx, cancel := call.WithBudget(outer, time.Minute, nil)
			<-ctx.Done()
			cleanUp, end := call.WithCleanUp(ctx)
			<-cleanUp.Done()
			end()
			cancel()
		}
		if took := time.Since(began); took != 24*time.Second {
			t.Errorf("they ended after %s", took)
		}
	})
}

// A deadline of the caller is not the end of a budget: it is reported as the caller's.
func TestDeadlineOfCallerIsNoBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began, late := time.Now(), errors.New("the test is late")
		outer, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		ctx, end := call.WithBudget(outer, time.Minute, late)
		defer end()
		<-ctx.Done()
		if took := time.Since(began); took != 3*time.Second || errors.Is(context.Cause(ctx), late) {
			t.Errorf("it ended after %s: %v", took, context.Cause(ctx))
		}
	})
}
