package engine

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// SyncLogs lists the sync logs of cycles, newest first.
func (e *Engine) SyncLogs(ctx context.Context, f model.SyncLogFilter, p model.Page) ([]model.SyncLog, error) {
	var logs []model.SyncLog
	err := e.store.Read(ctx, func(tx model.Tx) (err error) {
		logs, err = tx.SyncLogs(ctx, f, clampPage(p))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list sync logs: %w", err)
	}
	return logs, nil
}
