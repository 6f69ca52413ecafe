package store

import (
	"context"
	"errors"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// keepLeasesFor is how long ago a lease must have expired to be pruned.
const keepLeasesFor = 24 * time.Hour

func (t *tx) Now(ctx context.Context, own time.Time) (time.Time, error) {
	statement := t.store.db.clock()
	if statement == "" {
		return own, nil
	}
	return one(ctx, t, "read the clock of the server", func(r row) (now time.Time, err error) {
		err = r.Scan(&now)
		return now.UTC(), err
	}, statement)
}

// AcquireLease decides in one statement, so that it does not depend on the isolation of transactions.
func (t *tx) AcquireLease(ctx context.Context, want model.Lease, now time.Time, seen *model.Lease) (
	model.Lease, bool, error,
) {
	if seen == nil {
		seen = new(model.Lease) // epochs start at 1: it matches no row
	}
	epoch, err := one(ctx, t, "acquire lease", func(r row) (epoch int64, err error) {
		err = r.Scan(&epoch)
		return epoch, err
	}, `INSERT INTO leases AS held (key, holder, epoch, expires_at) VALUES ($1, $2, 1, $3)
		ON CONFLICT (key) DO UPDATE SET holder = excluded.holder, epoch = held.epoch + 1, expires_at = excluded.expires_at
		WHERE held.expires_at <= $4 OR held.expires_at > $7 OR held.epoch = $5 AND held.expires_at = $6
		RETURNING epoch`,
		want.Key, want.Holder, asTime(want.ExpiresAt), asTime(now), seen.Epoch, asTime(seen.ExpiresAt),
		asTime(want.ExpiresAt.Add(model.MaxClockSkew)))
	switch {
	case err == nil:
		want.Epoch = epoch
		_, err = t.exec(ctx, "prune leases", t.store.pruneStatement("leases", "key", "expires_at < $1"),
			asTime(now.Add(-keepLeasesFor)))
		return want, true, err
	case !errors.Is(err, model.ErrNotFound):
		return model.Lease{}, false, err
	}
	held, err := one(ctx, t, "read lease", func(r row) (model.Lease, error) {
		l := model.Lease{Key: want.Key}
		err := r.Scan(&l.Holder, &l.Epoch, timeColumn{&l.ExpiresAt})
		return l, err
	}, `SELECT holder, epoch, expires_at FROM leases WHERE key = $1`, want.Key)
	return held, false, err
}

func (t *tx) RenewLease(ctx context.Context, l model.Lease) (bool, error) {
	changed, err := t.exec(ctx, "renew lease", `UPDATE leases SET expires_at = $1 WHERE key = $2 AND holder = $3 AND epoch = $4`,
		asTime(l.ExpiresAt), l.Key, l.Holder, l.Epoch)
	return changed > 0, err
}

func (t *tx) ReleaseLease(ctx context.Context, l model.Lease) error {
	_, err := t.exec(ctx, "release lease", `DELETE FROM leases WHERE key = $1 AND holder = $2 AND epoch = $3`,
		l.Key, l.Holder, l.Epoch)
	return err
}
