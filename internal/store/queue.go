package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// queueVersion is the version of the tables of River, in River's own count, that migration 14 makes. A version of River that
// needs another one needs another migration of ours, so that one number says whether a program can use a database.
const queueVersion = 8

// queueMigration does nothing: a database in a file has no server that several machines share.
func (*sqliteDB) queueMigration() *goose.GoFunc {
	return &goose.GoFunc{RunTx: func(context.Context, *sql.Tx) error { return nil }}
}

// queueMigration makes River's tables. They are several transactions, and one that was interrupted goes on where it stopped.
func (*postgresDB) queueMigration() *goose.GoFunc {
	return &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
		migrator, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Schema: postgresSchema})
		if err != nil {
			return fmt.Errorf("read the migrations of the queue: %w", err)
		}
		_, err = migrator.Migrate(ctx, rivermigrate.DirectionUp, &rivermigrate.MigrateOpts{TargetVersion: queueVersion})
		if err != nil {
			return fmt.Errorf("make the tables of the queue: %w", err)
		}
		return nil
	}}
}

// QueueDB returns the connections for the queue of cycles, and the schema of its tables. They are those of leases, so that
// requests cannot starve the queue. It is nil for a database without a server, which has no such tables.
func (s *Store) QueueDB() (db *sql.DB, schema string) {
	if d, ok := s.db.(*postgresDB); ok {
		return d.leases, postgresSchema
	}
	return nil, ""
}

// InSQLTx runs f in a transaction of this store as one of database/sql: what f writes is committed with it. f must neither commit
// nor roll back.
func (s *Store) InSQLTx(ctx context.Context, t model.Tx, f func(*sql.Tx) error) error {
	own, ok := t.(*tx)
	if !ok {
		return fmt.Errorf("a transaction of another store: %T", t)
	}
	begun, ok := own.tx.(*postgresTx)
	if !ok {
		return errors.New("the database has no queue")
	}
	return begun.Raw(func(connection any) (err error) {
		raw, ok := connection.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("a connection is of the type %T", connection)
		}
		joined := sql.OpenDB(joinedConnector{raw})
		defer func() { err = errors.Join(err, joined.Close()) }()
		inner, err := joined.BeginTx(ctx, nil)
		if err != nil {
			return fmt.Errorf("join the transaction: %w", err)
		}
		if err := f(inner); err != nil {
			return errors.Join(err, inner.Rollback())
		}
		return inner.Commit()
	})
}

// joinedConnector opens a connection that exists, for one transaction that has begun.
type joinedConnector struct{ conn *stdlib.Conn }

func (c joinedConnector) Connect(context.Context) (driver.Conn, error) {
	return joinedConn{c.conn}, nil
}

func (c joinedConnector) Driver() driver.Driver { return stdlib.GetDefaultDriver() }

// joinedConn is a connection that somebody else closes, in a transaction that somebody else ends.
type joinedConn struct{ *stdlib.Conn }

// Close does nothing.
func (joinedConn) Close() error { return nil }

// BeginTx joins the transaction.
func (joinedConn) BeginTx(context.Context, driver.TxOptions) (driver.Tx, error) {
	return joinedTx{}, nil
}

// ResetSession does nothing.
func (joinedConn) ResetSession(context.Context) error { return nil }

type joinedTx struct{}

func (joinedTx) Commit() error   { return nil }
func (joinedTx) Rollback() error { return nil }
