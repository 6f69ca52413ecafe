package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

// migrateNames folds the stored names and email addresses by the rules of [names.Fold]; before, they were in lower case. If
// names are the same name now, the oldest object gets the folded name, and the others get one that is unique, see
// [Collision]. It also gives the column with the state of the credentials its present name.
func migrateNames(ctx context.Context, tx *sql.Tx) error {
	if _, err := tx.ExecContext(ctx, `ALTER TABLE connections RENAME COLUMN trust TO credentials_state`); err != nil {
		return fmt.Errorf("rename column: %w", err)
	}
	for _, u := range allNames {
		if err := refoldNames(ctx, tx, u); err != nil {
			return fmt.Errorf("fold the names in %s: %w", u.table, err)
		}
	}
	if err := refoldSyncLogs(ctx, tx); err != nil {
		return fmt.Errorf("fold the email addresses in sync_logs: %w", err)
	}
	return nil
}

func refoldNames(ctx context.Context, tx *sql.Tx, u uniqueNames) error {
	rows, err := readRows(ctx, tx, scanNamedRow, u.selectWhere("1 = 1")+" ORDER BY id")
	if err != nil {
		return err
	}
	taken := make(map[string]bool, len(rows))
	var changed []namedRow
	for _, r := range rows {
		folded := names.Fold(r.name)
		if taken[folded] {
			folded = collidingName(folded, r.id)
		}
		taken[folded] = true
		if folded != r.folded {
			r.folded = folded
			changed = append(changed, r)
		}
	}
	// The new folded name of one row may be the old one of another, and the column is unique: use temporary names first.
	for _, r := range changed {
		if _, err := tx.ExecContext(ctx, u.setFolded(), collisionSeparator+r.id, r.id); err != nil {
			return err
		}
	}
	for _, r := range changed {
		if _, err := tx.ExecContext(ctx, u.setFolded(), r.folded, r.id); err != nil {
			return err
		}
	}
	return nil
}

// refoldSyncLogs folds the addresses of sync logs, which are not unique.
func refoldSyncLogs(ctx context.Context, tx *sql.Tx) error {
	type address struct{ email, folded string }
	addresses, err := readRows(ctx, tx, func(r row) (a address, err error) {
		err = r.Scan(&a.email, &a.folded)
		return a, err
	}, `SELECT DISTINCT user_email, user_email_folded FROM sync_logs`)
	if err != nil {
		return err
	}
	for _, a := range addresses {
		folded := names.Fold(a.email)
		if folded == a.folded {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE sync_logs SET user_email_folded = $1 WHERE user_email_folded = $2 AND user_email = $3`,
			folded, a.folded, a.email)
		if err != nil {
			return err
		}
	}
	return nil
}

func readRows[T any](ctx context.Context, tx *sql.Tx, scan scanner[T], statement string) (_ []T, err error) {
	rows, err := tx.QueryContext(ctx, statement)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var found []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, err
		}
		found = append(found, item)
	}
	return found, rows.Err()
}
