package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// tx is a transaction. The methods that the engine calls are in the files of the tables.
type tx struct {
	tx    transaction
	store *Store
	// single is true if only one statement may run, and used after it has run.
	single, used bool
	// ended are called after the end, with whether it was a commit.
	ended []func(committed bool)
}

// OnEnd has f called when the transaction has ended.
func (t *tx) OnEnd(f func(committed bool)) { t.ended = append(t.ended, f) }

var _ model.Tx = (*tx)(nil)

// row is one row of a result.
type row interface{ Scan(into ...any) error }

// scanner converts a row into an object.
type scanner[T any] func(row) (T, error)

// errSecondStatement is an error of the caller's.
var errSecondStatement = errors.New("a second statement in Read, which could read other data than the first")

// start is called before each statement.
func (t *tx) start() error {
	if t.single && t.used {
		return errSecondStatement
	}
	t.used = true
	return nil
}

func scanText(r row) (text string, err error) {
	err = r.Scan(&text)
	return text, err
}

// exec runs a statement and returns the number of rows that it changed. Errors name the operation.
func (t *tx) exec(ctx context.Context, operation, statement string, args ...any) (int64, error) {
	if err := t.start(); err != nil {
		return 0, t.wrapError(ctx, operation, err)
	}
	result, err := t.tx.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, t.wrapError(ctx, operation, err)
	}
	changed, err := result.RowsAffected()
	if err != nil {
		return 0, t.wrapError(ctx, operation, err)
	}
	return changed, nil
}

// execOne runs a statement that must change a row. If it does not, the error is model.ErrNotFound.
func (t *tx) execOne(ctx context.Context, operation, statement string, args ...any) error {
	changed, err := t.exec(ctx, operation, statement, args...)
	if err == nil && changed == 0 {
		return model.ErrNotFound
	}
	return err
}

// one reads one row. If there is no row, the error is model.ErrNotFound.
func one[T any](ctx context.Context, t *tx, operation string, scan scanner[T], statement string, args ...any) (T, error) {
	if err := t.start(); err != nil {
		return *new(T), t.wrapError(ctx, operation, err)
	}
	found, err := scan(t.tx.QueryRowContext(ctx, statement, args...))
	if errors.Is(err, sql.ErrNoRows) {
		return found, model.ErrNotFound
	}
	if err != nil {
		return found, t.wrapError(ctx, operation, err)
	}
	return found, nil
}

// many reads all rows.
func many[T any](ctx context.Context, t *tx, operation string, scan scanner[T], statement string, args ...any) (
	_ []T, err error,
) {
	if err := t.start(); err != nil {
		return nil, t.wrapError(ctx, operation, err)
	}
	rows, err := t.tx.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, t.wrapError(ctx, operation, err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	var found []T
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return nil, t.wrapError(ctx, operation, err)
		}
		found = append(found, item)
	}
	if err := rows.Err(); err != nil {
		return nil, t.wrapError(ctx, operation, err)
	}
	return found, nil
}

func (t *tx) wrapError(ctx context.Context, operation string, err error) error {
	if t.store.db.missingReference(err) {
		return fmt.Errorf("%s: a referenced object was %w", operation, model.ErrNotFound)
	}
	return fmt.Errorf("%s: %w", operation, orCanceled(ctx, err))
}

// insert and update return statements that write every column. The first column is the id.
func insert(table, columns string) string {
	return "INSERT INTO " + table + " (" + columns + ") VALUES (" + placeholders(columns) + ")"
}

func update(table, columns string) string {
	return "UPDATE " + table + " SET (" + columns + ") = (" + placeholders(columns) + ") WHERE id = $1"
}

func placeholders(columns string) string {
	all := make([]string, strings.Count(columns, ",")+1)
	for i := range all {
		all[i] = "$" + strconv.Itoa(i+1)
	}
	return strings.Join(all, ", ")
}
