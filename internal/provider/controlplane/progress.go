package controlplane

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
)

// Progress returns how an action says what it is doing, while it does it. Once the action is cancelled nobody may be
// listening any more, and saying something could wait forever.
func Progress(ctx context.Context, resp *action.InvokeResponse) func(format string, args ...any) {
	return func(format string, args ...any) {
		if ctx.Err() == nil {
			resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf(format, args...)})
		}
	}
}
