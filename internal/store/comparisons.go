package store

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func (t *tx) UnequalComparisons(ctx context.Context, connectionID string, candidate []byte, since, until time.Time) (
	int, bool, error,
) {
	type counts struct{ all, known int }
	found, err := one(ctx, t, "count unequal comparisons", func(r row) (c counts, err error) {
		err = r.Scan(&c.all, &c.known)
		return c, err
	}, `SELECT COUNT(*), COUNT(CASE WHEN candidate = $1 THEN 1 END)
		FROM comparison_misses WHERE connection_id = $2 AND at >= $3 AND at <= $4`,
		asText(candidate), connectionID, asTime(since), asTime(until))
	return found.all, found.known > 0, err
}

func (t *tx) InsertUnequalComparison(ctx context.Context, connectionID string, candidate []byte, at, before time.Time) error {
	_, err := t.exec(ctx, "prune unequal comparisons",
		t.store.pruneStatement("comparison_misses", "connection_id, candidate", "at < $1 OR at > $2"), asTime(before),
		asTime(at.Add(model.MaxClockSkew)))
	if err != nil {
		return err
	}
	_, err = t.exec(ctx, "insert unequal comparison", `
		INSERT INTO comparison_misses (connection_id, candidate, at) VALUES ($1, $2, $3)
		ON CONFLICT (connection_id, candidate) DO UPDATE SET at = excluded.at`,
		connectionID, asText(candidate), asTime(at))
	return err
}
