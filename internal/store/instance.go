package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// keyCheck is the purpose of the digest that shows whether a keyset belongs to a database.
const keyCheck = "key check"

// instance is the identity of a database.
type instance struct {
	id    string
	check []byte
}

// readInstance reads the identity of the database. Before it has one, the error is model.ErrNotFound. A keyset other than the one
// that the database was created with is a [KeysetError] with the path.
func (s *Store) readInstance(ctx context.Context, path string) error {
	return s.loadInstance(ctx, path, s.db.beginRead, (*tx).instance)
}

// ensureInstance reads the identity of the database, or creates one if the database is new.
func (s *Store) ensureInstance(ctx context.Context, path string) error {
	err := s.readInstance(ctx, path)
	if errors.Is(err, model.ErrNotFound) {
		err = s.loadInstance(ctx, path, s.beginWrite(), (*tx).insertInstance)
	}
	return err
}

func (s *Store) loadInstance(
	ctx context.Context, path string, begin beginFunc, load func(*tx, context.Context) (instance, error),
) error {
	var found instance
	err := s.run(ctx, begin, func(t *tx) (err error) {
		found, err = load(t, ctx)
		return err
	})
	if err != nil {
		return err
	}
	if !s.Matches(found.check, keyCheck, found.id) {
		return &KeysetError{Path: path}
	}
	s.instanceID = found.id
	return nil
}

func (t *tx) instance(ctx context.Context) (instance, error) {
	return one(ctx, t, "read instance", func(r row) (i instance, err error) {
		err = r.Scan(&i.id, bytesColumn{&i.check})
		return i, err
	}, `SELECT id, key_check FROM instance`)
}

// insertInstance gives the database an identity, unless another process just did.
func (t *tx) insertInstance(ctx context.Context) (instance, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return instance{}, fmt.Errorf("create the id of the instance: %w", err)
	}
	check, err := t.store.Digest(keyCheck, id.String())
	if err != nil {
		return instance{}, err
	}
	_, err = t.exec(ctx, "write instance", `
		INSERT INTO instance (singleton, id, key_check) VALUES (1, $1, $2) ON CONFLICT (singleton) DO NOTHING`,
		id.String(), asText(check))
	if err != nil {
		return instance{}, err
	}
	return t.instance(ctx)
}
