package call

import (
	"context"
	"time"
)

// OptionalCallTimeout limits a call that a session does not depend on: its result is only additional information, or it only
// cleans up.
const OptionalCallTimeout = 5 * time.Second

// cleanUpShare is the part of a budget that is kept for cleaning up.
const cleanUpShare = 12

type budgetEndKey struct{}

// WithBudget returns a context for everything that one test does. Its calls end when the time for calls is over
// ([TimeForCalls]), with the cause; the rest of the budget is for [WithCleanUp]. A budget inside another ends with that one. A
// deadline of the caller is no budget: it ends the calls with its own cause.
func WithBudget(ctx context.Context, budget time.Duration, cause error) (context.Context, context.CancelFunc) {
	now := time.Now()
	if end, ok := ctx.Value(budgetEndKey{}).(time.Time); ok {
		budget = min(budget, end.Sub(now))
	}
	inside := context.WithValue(ctx, budgetEndKey{}, now.Add(budget))
	return context.WithDeadlineCause(inside, now.Add(TimeForCalls(budget)), cause)
}

// TimeForCalls returns the part of a budget that is for calls, before the clean-up.
func TimeForCalls(budget time.Duration) time.Duration {
	return budget - min(budget/cleanUpShare, OptionalCallTimeout)
}

// WithCleanUp returns a context for a call that only cleans up, such as a log-off. It does not end when the test is canceled or
// late, but after [OptionalCallTimeout], and with the budget of the test ([WithBudget]).
func WithCleanUp(ctx context.Context) (context.Context, context.CancelFunc) {
	end := time.Now().Add(OptionalCallTimeout)
	if budget, ok := ctx.Value(budgetEndKey{}).(time.Time); ok && budget.Before(end) {
		end = budget
	}
	return context.WithDeadline(context.WithoutCancel(ctx), end)
}
