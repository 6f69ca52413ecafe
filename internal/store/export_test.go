package store

import (
	"context"
	"errors"
)

// Exec runs SQL on the connection that writes, such as a PRAGMA that makes it fail.
func (s *Store) Exec(ctx context.Context, statement string) error {
	db, ok := s.db.(*sqliteDB)
	if !ok {
		return errors.New("it is not a SQLite database")
	}
	_, err := db.writer.ExecContext(ctx, statement)
	return err
}
