package controlplane

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// DefaultTimeout bounds an operation of a resource or data source without a timeout of its own. It includes retries, waits that
// the control plane requests, and connection tests (at most 60 seconds each).
const DefaultTimeout = 5 * time.Minute

// NoTimeouts is the timeouts block of a resource without a configuration, as after an import.
func NoTimeouts() timeouts.Value {
	text := types.StringType
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
		"create": text, "read": text, "update": text, "delete": text,
	})}
}

// TimeoutFunc returns the configured timeout of a verb or else the default, such as plan.Timeouts.Create.
type TimeoutFunc = func(ctx context.Context, byDefault time.Duration) (time.Duration, diag.Diagnostics)

// WithTimeout opens the context of one operation. The verb is the attribute of the timeouts block, such as "create". The caller
// defers cancel.
func WithTimeout(
	ctx context.Context, verb string, timeout TimeoutFunc, diags *diag.Diagnostics,
) (bounded context.Context, cancel context.CancelFunc) {
	return WithTimeoutDefault(ctx, verb, timeout, DefaultTimeout, diags)
}

// WithFixedTimeout opens the context of an operation without a timeouts block. The caller defers cancel.
func WithFixedTimeout(ctx context.Context) (bounded context.Context, cancel context.CancelFunc) {
	return context.WithTimeoutCause(ctx, DefaultTimeout, &tfdiag.LimitError{Limit: DefaultTimeout})
}

// WithTimeoutDefault is [WithTimeout] for an operation with another default.
func WithTimeoutDefault(
	ctx context.Context, verb string, timeout TimeoutFunc, byDefault time.Duration, diags *diag.Diagnostics,
) (bounded context.Context, cancel context.CancelFunc) {
	duration, d := timeout(ctx, byDefault)
	diags.Append(d...)
	return context.WithTimeoutCause(ctx, duration, &tfdiag.LimitError{
		Limit: duration, Setting: verb, Default: duration == byDefault,
	})
}
