package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

const syncLogColumns = `id, cycle_id, policy_id, policy_name, user_id, user_email, user_email_folded, connection_id,
	connection_name, at, passed, message, fault`

const selectSyncLogs = `SELECT id, cycle_id, policy_id, policy_name, user_id, user_email, connection_id,
	connection_name, at, passed, message, fault FROM sync_logs`

// InsertSyncLogs writes logs of a stored cycle. They are deleted with their cycle, see [KeepCycles].
func (t *tx) InsertSyncLogs(ctx context.Context, logs []model.SyncLog) error {
	statement := insert("sync_logs", syncLogColumns)
	for _, l := range logs {
		fault, err := asFault(l.Fault)
		if err != nil {
			return err
		}
		_, err = t.exec(ctx, "insert sync log", statement, l.ID, l.CycleID, l.PolicyID, l.PolicyName, l.UserID,
			l.UserEmail, names.Fold(l.UserEmail), l.ConnectionID, l.ConnectionName, asTime(l.At), l.Passed, l.Message, fault)
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) SyncLogs(ctx context.Context, f model.SyncLogFilter, p model.Page) ([]model.SyncLog, error) {
	q := query{text: selectSyncLogs}
	if f.UserEmail != "" {
		q.and("user_email_folded = %s", names.Fold(f.UserEmail))
	}
	if f.PolicyID != "" {
		q.and("policy_id = %s", f.PolicyID)
	}
	if f.ConnectionID != "" {
		q.and("connection_id = %s", f.ConnectionID)
	}
	if f.CycleID != "" {
		q.and("cycle_id = %s", f.CycleID)
	}
	if f.OnlyErrors {
		q.and("passed = %s", false)
	}
	if !f.Since.IsZero() {
		q.and("at >= %s", asTime(f.Since))
	}
	return listPage(ctx, t, "list sync logs", scanSyncLog, q, p, newestFirst)
}

func scanSyncLog(r row) (l model.SyncLog, err error) {
	err = r.Scan(&l.ID, &l.CycleID, &l.PolicyID, &l.PolicyName, &l.UserID, &l.UserEmail, &l.ConnectionID,
		&l.ConnectionName, timeColumn{&l.At}, &l.Passed, &l.Message, faultColumn{&l.Fault})
	return l, err
}
