// Package progress sends the progress messages of an action to Terraform, which shows nothing else of a running action.
package progress

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
)

// Begin starts the messages of an action. Awaited is what it waits for first. The caller defers end; Terraform receives no
// message after that.
func Begin(ctx context.Context, resp *action.InvokeResponse, awaited string) (r *progress.Reporter, end func()) {
	return progress.Start(ctx, func(line string) { resp.SendProgress(action.InvokeProgressEvent{Message: line}) }, awaited)
}
