package store

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const testColumns = `id, connection_id, account, user_email, test, forced, passed, summary, fault, identity, checks,
	tested_at, remembered, warnings`

const selectTests = `SELECT ` + testColumns + ` FROM connection_tests`

func (t *tx) InsertTest(ctx context.Context, r model.TestResult, keep int) error {
	fault, err := asFault(r.Fault)
	if err != nil {
		return err
	}
	identity, err := asJSON(r.Identity)
	if err != nil {
		return err
	}
	checks, err := asChecks(r.Checks)
	if err != nil {
		return err
	}
	warnings, err := asList(r.Warnings)
	if err != nil {
		return err
	}
	err = t.execOne(ctx, "insert test", insert("connection_tests", testColumns), r.ID, r.ConnectionID,
		string(r.Account), r.UserEmail, string(r.Test), r.Force, r.Passed, r.Summary, fault, identity, checks,
		asTime(r.TestedAt), r.Remembered, warnings)
	if err != nil {
		return err
	}
	return t.prune(ctx, "connection_tests", r.ConnectionID, keep)
}

// prune deletes all rows of a connection in a table but the newest ones.
func (t *tx) prune(ctx context.Context, table, connectionID string, keep int) error {
	_, err := t.exec(ctx, "prune "+table, `
		DELETE FROM `+table+` WHERE connection_id = $1 AND id NOT IN (
			SELECT id FROM `+table+` WHERE connection_id = $1 ORDER BY id DESC LIMIT $2)`, connectionID, keep)
	return err
}

func (t *tx) Tests(ctx context.Context, connectionID string, f model.TestFilter, p model.Page) ([]model.TestResult, error) {
	q := query{text: selectTests}
	q.and("connection_id = %s", connectionID)
	if f.Passed != nil {
		q.and("passed = %s", *f.Passed)
	}
	return listPage(ctx, t, "list tests", scanTest, q, p, newestFirst)
}

func scanTest(r row) (t model.TestResult, err error) {
	err = r.Scan(&t.ID, &t.ConnectionID, &t.Account, &t.UserEmail, &t.Test, &t.Force, &t.Passed, &t.Summary,
		faultColumn{&t.Fault}, jsonColumn[target.Identity]{&t.Identity}, checksColumn{&t.Checks},
		timeColumn{&t.TestedAt}, &t.Remembered, listColumn{&t.Warnings})
	return t, err
}
