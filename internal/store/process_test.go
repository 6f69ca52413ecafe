package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// With this variable set, the test binary is one of several processes that share a database.
const writerVariable = "RIVA_TEST_STORE_WRITER"

const writerRounds = 60

// processes are what the test binary is with a variable set. The value of the variable is the argument.
var processes = map[string]func(dir string) error{writerVariable: runWriter, killedMigrationVariable: runKilledMigration}

func TestMain(m *testing.M) {
	for variable, run := range processes {
		dir := os.Getenv(variable)
		if dir == "" {
			continue
		}
		if err := run(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
		return
	}
	m.Run()
}

// runWriter waits for the end of its standard input, so that several processes start at the same time. It creates or opens
// keyset and database and increments the revision of one user, which the first process inserts.
func runWriter(dir string) (err error) {
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keys", "keyset.json"))
	if err != nil {
		return err
	}
	s, err := store.OpenSQLite(ctx, filepath.Join(dir, "riva.db"), keyset, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for round := range writerRounds {
		if err := incrementShared(ctx, s); err != nil {
			return fmt.Errorf("round %d: %w", round, err)
		}
		if err := s.Ping(ctx); err != nil {
			return fmt.Errorf("read in round %d: %w", round, err)
		}
		if round%10 != 9 {
			continue
		}
		// Journals are recovered and removed when a database is opened and closed.
		if err := s.Close(); err != nil {
			return fmt.Errorf("close in round %d: %w", round, err)
		}
		again, err := store.OpenSQLite(ctx, filepath.Join(dir, "riva.db"), keyset, nil)
		if err != nil {
			return fmt.Errorf("reopen in round %d: %w", round, err)
		}
		s = again
	}
	return nil
}

func incrementShared(ctx context.Context, s *store.Store) error {
	return s.Update(ctx, func(tx model.Tx) error {
		u, err := tx.User(ctx, s.InstanceID())
		if errors.Is(err, model.ErrNotFound) {
			return tx.InsertUser(ctx, model.User{ID: s.InstanceID(), Email: "shared@example.com", Revision: 1})
		}
		if err != nil {
			return err
		}
		u.Revision++
		return tx.UpdateUser(ctx, u)
	})
}

func TestProcessesShareDatabase(t *testing.T) {
	t.Parallel()
	const writers = 3
	dir := t.TempDir()
	processes := make([]*exec.Cmd, writers)
	starts := make([]io.Closer, writers)
	stderr := make([]bytes.Buffer, writers)
	for i := range processes {
		p := exec.CommandContext(t.Context(), os.Args[0])
		p.Env, p.Stderr = append(os.Environ(), writerVariable+"="+dir), &stderr[i]
		start, err := p.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		processes[i], starts[i] = p, start
	}
	for _, start := range starts {
		if err := start.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for i, p := range processes {
		if err := p.Wait(); err != nil || stderr[i].Len() > 0 {
			t.Errorf("process %d: %v\n%s", i, err, stderr[i].String())
		}
	}
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keys", "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := openAt(t, filepath.Join(dir, "riva.db"), keyset)
	u := view(t, s, func(tx model.Tx) (model.User, error) {
		return tx.User(t.Context(), s.InstanceID())
	})
	equal(t, "increments of all processes", u.Revision, writers*writerRounds)
}

func TestStoresOfOneProcessShareDatabase(t *testing.T) {
	t.Parallel()
	const stores, rounds = 4, 40
	dir := t.TempDir()
	keyset := newKeyset(t)
	var group sync.WaitGroup
	for i := range stores {
		group.Go(func() {
			s, err := store.OpenSQLite(t.Context(), filepath.Join(dir, "riva.db"), keyset, nil)
			if err != nil {
				t.Errorf("store %d: %v", i, err)
				return
			}
			defer closeStore(t, s)
			for range rounds {
				if err := errors.Join(incrementShared(t.Context(), s), s.Ping(t.Context())); err != nil {
					t.Errorf("store %d: %v", i, err)
				}
			}
		})
	}
	group.Wait()
	s := openAt(t, filepath.Join(dir, "riva.db"), keyset)
	u := view(t, s, func(tx model.Tx) (model.User, error) {
		return tx.User(t.Context(), s.InstanceID())
	})
	equal(t, "increments of all stores", u.Revision, stores*rounds)
}
