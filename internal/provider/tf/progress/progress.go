// Package progress sends progress messages of an action to Terraform, which by itself shows nothing of an action that runs.
package progress

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
)

// Begin starts the messages of an action, with what it waits for first. The caller defers end: Terraform receives nothing
// after it.
func Begin(ctx context.Context, resp *action.InvokeResponse, awaited string) (r *progress.Reporter, end func()) {
	return progress.Start(ctx, func(line string) { resp.SendProgress(action.InvokeProgressEvent{Message: line}) }, awaited)
}
