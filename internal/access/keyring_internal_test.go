package access

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestTokenKeysArePublishedSignAndAreKept(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	rotated := start.Add(keyAge)
	first := []model.TokenKey{{ID: "first", SignsAt: start}}
	both := append(slices.Clone(first), model.TokenKey{ID: "second", SignsAt: rotated})
	for name, c := range map[string]struct {
		keys []model.TokenKey
		now  time.Time
		add  time.Time // zero for none
		drop int
	}{
		"the first signs at once":                 {now: start, add: start},
		"young":                                   {keys: first, now: start.Add(time.Hour)},
		"the next is published before it signs":   {keys: first, now: rotated.Add(-publishedAhead), add: rotated},
		"after a long stop as well":               {keys: first, now: rotated.Add(time.Hour), add: rotated.Add(2 * time.Hour)},
		"both are kept while both have tokens":    {keys: both, now: rotated.Add(TokenPeriod)},
		"the old one goes after its last token":   {keys: both, now: rotated.Add(TokenPeriod + keptAfterTokens + 1), drop: 1},
		"the last key is never dropped by itself": {keys: first, now: start.Add(2 * keyAge), add: start.Add(2*keyAge + publishedAhead)},
	} {
		got := planKeys(c.keys, c.now)
		if got.drop != c.drop || (got.addAt != nil) != !c.add.IsZero() || got.addAt != nil && !got.addAt.Equal(c.add) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// brokenStore is a database that is down: it does not answer within a time.
type brokenStore struct {
	model.Store

	wait            func()
	reads, canceled int
}

func (b *brokenStore) View(ctx context.Context, _ func(model.Tx) error) error {
	b.reads++
	b.wait()
	if ctx.Err() != nil {
		b.canceled++
	}
	return errors.New("the database is down")
}

func TestKeysStayInUseWhileDatabaseIsDown(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	broken := &brokenStore{wait: func() { now = now.Add(2 * keysMinAge) }}
	s := Manage(Options{Store: broken, Now: func() time.Time { return now }})
	for range 20 { // no keys are known
		if _, _, err := s.keys.signing(t.Context()); err == nil {
			t.Fatal("a key without a database")
		}
	}
	if broken.reads != 1 {
		t.Errorf("the database was read %d times at the start", broken.reads)
	}
	broken.reads, now = 0, now.Add(time.Hour)
	created, err := newTokenKey(now, now)
	if err != nil {
		t.Fatal(err)
	}
	if s.keys.keys, err = parseKeys([]model.TokenKey{created}); err != nil {
		t.Fatal(err)
	}
	for range 20 { // the keys are older than a minute
		if key, _, err := s.keys.signing(t.Context()); err != nil || key.id != created.ID {
			t.Fatal(key, err)
		}
		if key, err := s.keys.public(t.Context(), "unknown"); err != nil || key != nil {
			t.Fatal(key, err)
		}
	}
	if broken.reads != 1 {
		t.Errorf("the database was read %d times", broken.reads)
	}
	// A client that disconnects after a token with an unknown key does not keep the keys from being read.
	now = now.Add(keysMinAge)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.keys.public(ctx, "unknown"); err != nil || broken.reads != 2 || broken.canceled != 0 {
		t.Errorf("%d reads, %d canceled, %v", broken.reads, broken.canceled, err)
	}
}
