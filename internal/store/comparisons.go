package store

import (
	"context"
	"time"
)

func (t *tx) UnequalComparisons(ctx context.Context, connectionID string, candidate []byte, since time.Time) (int, bool, error) {
	type misses struct{ count, known int }
	found, err := one(ctx, t, "count misses", func(r row) (m misses, err error) {
		err = r.Scan(&m.count, &m.known)
		return m, err
	}, `SELECT COUNT(*), COUNT(CASE WHEN candidate = $1 THEN 1 END)
		FROM comparison_misses WHERE connection_id = $2 AND at >= $3`, asText(candidate), connectionID, asTime(since))
	return found.count, found.known > 0, err
}

func (t *tx) InsertUnequalComparison(ctx context.Context, connectionID string, candidate []byte, at, before time.Time) error {
	_, err := t.exec(ctx, "prune misses", `DELETE FROM comparison_misses WHERE at < $1`, asTime(before))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "insert miss", `
		INSERT INTO comparison_misses (connection_id, candidate, at) VALUES ($1, $2, $3)
		ON CONFLICT (connection_id, candidate) DO UPDATE SET at = excluded.at`,
		connectionID, asText(candidate), asTime(at))
	return err
}
