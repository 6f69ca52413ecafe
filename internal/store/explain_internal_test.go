package store

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Plans returns how the database runs the statements of f, each followed by its plan.
func (s *Store) Plans(f func(*Store) error) ([]string, error) {
	var plans []string
	explained := *s
	explained.db = explainingDB{s.db, &plans}
	err := f(&explained)
	return plans, err
}

// explainingDB explains each statement of its transactions before it is run.
type explainingDB struct {
	database

	plans *[]string
}

func (d explainingDB) wrap(begun transaction, err error) (transaction, error) {
	return explainingTx{begun, d.plans}, err
}

func (d explainingDB) beginRead(ctx context.Context) (transaction, error) {
	return d.wrap(d.database.beginRead(ctx))
}

func (d explainingDB) beginStatement(ctx context.Context) (transaction, error) {
	return d.wrap(d.database.beginStatement(ctx))
}

func (d explainingDB) beginWrite(ctx context.Context, keys ...model.WriteKey) (transaction, error) {
	return d.wrap(d.database.beginWrite(ctx, keys...))
}

type explainingTx struct {
	transaction

	plans *[]string
}

func (t explainingTx) explain(ctx context.Context, statement string, args []any) (err error) {
	rows, err := t.transaction.QueryContext(ctx, "EXPLAIN "+statement, args...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	lines := []string{statement}
	for rows.Next() {
		var line string
		if err := rows.Scan(&line); err != nil {
			return err
		}
		lines = append(lines, line)
	}
	*t.plans = append(*t.plans, strings.Join(lines, "\n"))
	return rows.Err()
}

func (t explainingTx) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	if err := t.explain(ctx, statement, args); err != nil {
		return nil, err
	}
	return t.transaction.ExecContext(ctx, statement, args...)
}

func (t explainingTx) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	if err := t.explain(ctx, statement, args); err != nil {
		return nil, err
	}
	return t.transaction.QueryContext(ctx, statement, args...)
}

// QueryRowContext leaves an error of the explanation to the statement, which has the same.
func (t explainingTx) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	_ = t.explain(ctx, statement, args)
	return t.transaction.QueryRowContext(ctx, statement, args...)
}
