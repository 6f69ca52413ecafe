package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// CheckReady returns an error if this process cannot use the database at present. A newer program can have migrated it since it
// was opened ([ErrNewer]), or it was replaced by one of another keyset ([ErrKeyset]); it can also be out of reach for a while,
// see [Passes]. It reads one row.
func (s *Store) CheckReady(ctx context.Context) error {
	var found instance
	var oldest int64
	err := s.run(ctx, s.db.beginStatement, func(t *tx) (err error) {
		found, err = one(ctx, t, "check the database", func(r row) (i instance, err error) {
			err = r.Scan(&i.id, bytesColumn{&i.check}, &oldest)
			return i, err
		}, `SELECT id, key_check, COALESCE((SELECT oldest_version FROM schema_compatibility), 0) FROM instance`)
		return err
	})
	switch {
	case errors.Is(err, model.ErrNotFound): // its tables were emptied
		return &KeysetError{Path: s.db.name()}
	case err != nil:
		return err
	case oldest > s.known:
		return &NewerError{Path: s.db.name(), Found: oldest, Known: s.known}
	case found.id != s.instanceID || !s.Matches(found.check, keyCheck, found.id):
		return &KeysetError{Path: s.db.name()}
	}
	return nil
}

// FreeConnections returns how many more connections the server of a PostgreSQL database accepts from everybody, and whether that
// is known: a connection pooler has limits of its own.
func (s *Store) FreeConnections(ctx context.Context) (free int, known bool, err error) {
	db, ok := s.db.(*postgresDB)
	if !ok || db.settings != "" {
		return 0, false, nil
	}
	// Other views hide the sessions of other roles.
	err = db.db.QueryRowContext(ctx, `SELECT CAST(current_setting('max_connections') AS INTEGER) -
		CAST(current_setting('superuser_reserved_connections') AS INTEGER) -
		(SELECT CAST(SUM(numbackends) AS INTEGER) FROM pg_stat_database)`).Scan(&free)
	if err != nil {
		return 0, false, fmt.Errorf("count the free connections: %w", db.describe(orCanceled(ctx, err)))
	}
	return free, true, nil
}
