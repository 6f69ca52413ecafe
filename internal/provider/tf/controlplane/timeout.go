package controlplane

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// DefaultTimeout bounds an operation of a resource or data source that sets no time-out of its own, with all that
// happens under it: retries, waits that the control plane asks for, and connection tests (60 seconds at most each).
const DefaultTimeout = 5 * time.Minute

// NoTimeouts is the timeouts attribute of a resource that was not configured yet, as after an import.
func NoTimeouts() timeouts.Value {
	text := types.StringType
	return timeouts.Value{Object: types.ObjectNull(map[string]attr.Type{
		"create": text, "read": text, "update": text, "delete": text,
	})}
}

// TimeoutFunc is one verb of a timeouts attribute, such as plan.Timeouts.Create: it gives what is configured, or the default.
type TimeoutFunc = func(ctx context.Context, byDefault time.Duration) (time.Duration, diag.Diagnostics)

// WithTimeout opens the context of one operation. The caller defers cancel.
func WithTimeout(
	ctx context.Context, timeout TimeoutFunc, diags *diag.Diagnostics,
) (bounded context.Context, cancel context.CancelFunc) {
	return WithTimeoutDefault(ctx, timeout, DefaultTimeout, diags)
}

// WithTimeoutDefault is Bound for an operation with a default of its own.
func WithTimeoutDefault(
	ctx context.Context, timeout TimeoutFunc, byDefault time.Duration, diags *diag.Diagnostics,
) (bounded context.Context, cancel context.CancelFunc) {
	duration, d := timeout(ctx, byDefault)
	diags.Append(d...)
	return context.WithTimeout(ctx, duration)
}
