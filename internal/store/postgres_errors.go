package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// The conditions of PostgreSQL that this package distinguishes (PostgreSQL's manual, appendix A "PostgreSQL Error Codes").
const (
	pgForeignKeyViolation = "23503"
	pgUniqueViolation     = "23505"
	pgProtocolViolation   = "08P01"
	pgReadOnly            = "25006"
	pgInvalidLogin        = "28000"
	pgInvalidPassword     = "28P01"
	pgUnknownDatabase     = "3D000"
	pgMissingRight        = "42501"
	pgUndefinedColumn     = "42703"
	pgUndefinedTable      = "42P01"
	pgTypeMismatch        = "42804"
	pgTooManyConnections  = "53300"
	pgDiskFull            = "53100"
	pgLockNotAvailable    = "55P03"
	pgQueryCanceled       = "57014"
	pgSerializationFailed = "40001"
	pgDeadlock            = "40P01"
	pgIdleTransaction     = "25P03"
	// The class of operator intervention: the server is stopping, starting or has crashed.
	pgAdminShutdown    = "57P01"
	pgCrashShutdown    = "57P02"
	pgCannotConnectNow = "57P03"
)

// unavailableReasons has the conditions that pass by themselves.
var unavailableReasons = map[string]string{
	pgTooManyConnections:  "has no free connections",
	pgLockNotAvailable:    "is busy with other writes",
	pgSerializationFailed: "is busy with other writes",
	pgDeadlock:            "is busy with other writes",
	pgUniqueViolation:     "is busy with other writes",
	pgQueryCanceled:       "did not answer in time",
	pgIdleTransaction:     "ended a transaction that did not go on",
	pgAdminShutdown:       "is restarting",
	pgCrashShutdown:       "is restarting",
	pgCannotConnectNow:    "is restarting",
}

// describe returns a *[model.UnavailableError], a *[model.DatabaseError] or a *[model.StorageError] for what is not an error of a
// statement.
func (d *postgresDB) describe(err error) error {
	if err == nil || isDescribed(err) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	code := pgCode(err)
	if code == pgDiskFull {
		return &model.StorageError{Kind: model.StorageFull, Path: d.place, Err: err}
	}
	if refusal := refusalReason(err); refusal != "" {
		return &model.DatabaseError{Place: d.place, Reason: refusal, Err: err}
	}
	reason := unavailableReasons[code]
	if reason == "" && isLost(err) {
		reason = "cannot be reached"
	}
	if reason == "" {
		return err
	}
	return &model.UnavailableError{Place: d.place, Reason: reason, Err: err}
}

// conflicted includes a violated unique index: all writers look before they write, so another one has written since, and the
// next run sees what.
func (*postgresDB) conflicted(err error) bool {
	switch pgCode(err) {
	case pgSerializationFailed, pgDeadlock, pgUniqueViolation:
		return true
	}
	return false
}

// isLost reports whether the server could not be reached, or the connection to it was lost.
func isLost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return pgCode(err) == "" // else the server has answered, such as that the password is wrong
	}
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, pgconn.ErrConnClosed)
}

// pgCode returns the SQLSTATE of the error, empty if it is not an error of PostgreSQL.
func pgCode(err error) string {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	if !ok {
		return ""
	}
	return failure.Code
}
