package store

import "context"

// Exec runs SQL on the connection that writes, such as a PRAGMA that makes it fail.
func (s *Store) Exec(ctx context.Context, statement string) error {
	_, err := s.db.(*sqliteDB).writer.ExecContext(ctx, statement) //nolint:forcetypeassert // every database of the tests is one
	return err
}
