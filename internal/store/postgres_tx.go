package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// rollbackTimeout limits the end of a transaction whose context has ended.
const rollbackTimeout = 5 * time.Second

// postgresTx is a transaction on a connection of its own. Unlike a [*sql.Tx], it can begin with several statements, which cost
// one round trip to the server.
type postgresTx struct {
	*sql.Conn
	ctx   context.Context //nolint:containedctx // as in sql.Tx
	ended bool
}

func begin(ctx context.Context, db *sql.DB, statements string) (transaction, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	t := &postgresTx{Conn: conn, ctx: ctx}
	if _, err := t.run(ctx, statements); err != nil {
		return nil, errors.Join(err, t.giveUp())
	}
	return t, nil
}

// run runs statements without arguments, in one round trip, and returns what the server says of the last one.
func (t *postgresTx) run(ctx context.Context, statements string) (last pgconn.CommandTag, err error) {
	err = t.Raw(func(connection any) error {
		own, ok := connection.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection is of the type %T", connection)
		}
		results, err := own.Conn().PgConn().Exec(ctx, statements).ReadAll()
		if err == nil {
			last = results[len(results)-1].CommandTag
		}
		return err
	})
	return last, err
}

// Commit reports a transaction that the server rolled back because a statement had failed.
func (t *postgresTx) Commit() error {
	if t.ended {
		return sql.ErrTxDone
	}
	last, err := t.run(t.ctx, `COMMIT`)
	if err != nil {
		return err // Rollback follows
	}
	t.ended = true
	if last.String() != "COMMIT" {
		err = pgx.ErrTxCommitRollback
	}
	return errors.Join(err, t.Close())
}

// Rollback also works after the context has ended.
func (t *postgresTx) Rollback() error {
	if t.ended {
		return sql.ErrTxDone
	}
	return t.giveUp()
}

// giveUp rolls back. A connection that cannot do so is closed, since it would keep its locks.
func (t *postgresTx) giveUp() error {
	t.ended = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.ctx), rollbackTimeout)
	defer cancel()
	_, err := t.run(ctx, `ROLLBACK`)
	if err == nil {
		return t.Close()
	}
	if discarded := t.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(discarded, driver.ErrBadConn) {
		return errors.Join(err, discarded)
	}
	if isLost(err) {
		return nil // the server rolls back what its client cannot end
	}
	return err
}

// postgresStatement is a transaction of one statement, which the server commits.
type postgresStatement struct{ *sql.DB }

// Commit does nothing.
func (postgresStatement) Commit() error { return nil }

// Rollback does nothing.
func (postgresStatement) Rollback() error { return nil }
