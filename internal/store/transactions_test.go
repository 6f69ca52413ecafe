package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func countConnections(t *testing.T, s *store.Store) int {
	t.Helper()
	return len(view(t, s, func(tx model.Tx) ([]model.ConnectionDetail, error) {
		return tx.Connections(t.Context(), model.ConnectionFilter{}, model.Page{Limit: 100})
	}))
}

func TestFailedUpdateStoresNothing(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		failure := errors.New("failed")
		err := s.Update(t.Context(), func(tx model.Tx) error {
			if err := tx.InsertConnection(t.Context(), plainConnection(t, "mail")); err != nil {
				t.Error(err)
			}
			return failure
		})
		if !errors.Is(err, failure) {
			t.Errorf("update: %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was lost")
				}
			}()
			_ = s.Update(t.Context(), func(tx model.Tx) error {
				if err := tx.InsertConnection(t.Context(), plainConnection(t, "mail")); err != nil {
					t.Error(err)
				}
				panic("bug") //nolint:forbidigo // the panic is part of the test
			})
		}()
		if n := countConnections(t, s); n != 0 {
			t.Errorf("%d connections were stored", n)
		}
		insertConnections(t, s, plainConnection(t, "mail"))
	})
}

func TestViewCannotWrite(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		err := s.View(t.Context(), func(tx model.Tx) error {
			return tx.InsertConnection(t.Context(), plainConnection(t, "mail"))
		})
		if err == nil || countConnections(t, s) != 0 {
			t.Errorf("a read transaction wrote: %v", err)
		}
	})
}

func TestReadsDuringWrite(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		change(t, s, func(tx model.Tx) error {
			if err := tx.InsertConnection(t.Context(), plainConnection(t, "mail")); err != nil {
				return err
			}
			if n := countConnections(t, s); n != 0 {
				t.Errorf("a reader found %d uncommitted connections", n)
			}
			return s.Ping(t.Context())
		})
		err := s.View(t.Context(), func(model.Tx) error {
			insertConnections(t, s, plainConnection(t, "other"))
			return nil
		})
		if n := countConnections(t, s); err != nil || n != 2 {
			t.Errorf("%d connections, %v", n, err)
		}
	})
}

func TestReadSnapshot(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		err := s.View(t.Context(), func(tx model.Tx) error {
			if _, err := tx.User(t.Context(), newID(t)); !errors.Is(err, model.ErrNotFound) { // takes the snapshot
				return err
			}
			insertConnections(t, s, plainConnection(t, "mail"))
			found, err := tx.Connections(t.Context(), model.ConnectionFilter{}, model.Page{Limit: 1})
			if len(found) != 0 {
				t.Error("the transaction read what was committed after its first statement")
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestCanceledContexts(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		canceled, cancel := context.WithCancel(t.Context())
		cancel()
		nothing := func(model.Tx) error { t.Error("the transaction ran"); return nil }
		for name, err := range map[string]error{
			"View": s.View(canceled, nothing), "Update": s.Update(canceled, nothing), "Ping": s.Ping(canceled),
		} {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("%s: %v", name, err)
			}
		}
		update := func(ctx context.Context, f func(model.Tx) error) error { return s.Update(ctx, f) }
		for name, run := range map[string]func(context.Context, func(model.Tx) error) error{"View": s.View, "Update": update} {
			under, cancel := context.WithCancel(t.Context())
			err := run(under, func(tx model.Tx) error {
				cancel()
				_, err := tx.Connections(under, model.ConnectionFilter{}, model.Page{Limit: 10})
				return err
			})
			if !errors.Is(err, context.Canceled) {
				t.Errorf("read in a canceled %s: %v", name, err)
			}
		}
		under, cancel := context.WithCancel(t.Context())
		err := s.Update(under, func(tx model.Tx) error {
			err := tx.InsertConnection(under, plainConnection(t, "mail"))
			cancel()
			return err
		})
		if !errors.Is(err, context.Canceled) || countConnections(t, s) != 0 {
			t.Errorf("canceled before the commit: %v", err)
		}
		insertConnections(t, s, plainConnection(t, "mail"))
	})
}

func TestWaitForWriterEndsWithContext(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		change(t, s, func(model.Tx) error {
			waiting, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
			defer cancel()
			err := s.Update(waiting, func(model.Tx) error { t.Error("two writers at once"); return nil })
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("waiting writer: %v", err)
			}
			return nil
		})
	})
}

func TestClosedStore(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		closeStore(t, s)
		closeStore(t, s)
		if s.Ping(t.Context()) == nil {
			t.Error("a closed store can be used")
		}
	})
}

// increment adds one to the revision of a user. It reads before it writes, as the engine does.
func increment(ctx context.Context, s *store.Store, id string) error {
	return s.Update(ctx, func(tx model.Tx) error {
		u, err := tx.User(ctx, id)
		if err != nil {
			return err
		}
		u.Revision++
		return tx.UpdateUser(ctx, u)
	})
}

func TestUpdatesRunOneAtATime(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		const writers, rounds = 8, 20
		u := plainUser(t, "a@example.com")
		u.Revision = 0
		change(t, s, func(tx model.Tx) error { return tx.InsertUser(t.Context(), u) })
		var group sync.WaitGroup
		for range writers {
			group.Go(func() {
				for range rounds {
					if err := increment(t.Context(), s, u.ID); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i := range writers {
			group.Go(func() {
				for range rounds {
					if err := s.Ping(t.Context()); err != nil {
						t.Error(fmt.Errorf("reader %d: %w", i, err))
					}
				}
			})
		}
		group.Wait()
		got := view(t, s, func(tx model.Tx) (model.User, error) { return tx.User(t.Context(), u.ID) })
		equal(t, "increments", got.Revision, writers*rounds)
	})
}
