package engine

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// putComparisonKey creates the comparison key of the set of credentials that was submitted last. A client that may have it can
// keep a keyed digest of what it submitted, and compare credentials with that by itself, as long as the set is the same.
func putComparisonKey(ctx context.Context, tx model.Tx, c *model.Connection) error {
	key := make([]byte, api.ComparisonKeySize)
	_, _ = rand.Read(key) // never fails
	if err := tx.PutComparisonKey(ctx, c.ID, c.CredentialsSetID, key); err != nil {
		return fmt.Errorf("store the comparison key: %w", err)
	}
	return nil
}

// ComparisonKeys returns the comparison keys of connections as they were read, by their id. A connection has none if its
// credentials are blank, were submitted again since it was read, or were submitted before there were comparison keys. It is a
// call of its own, so that no key is in the stored result of an idempotent request.
func (e *Engine) ComparisonKeys(ctx context.Context, connections []model.ConnectionDetail) (map[string][]byte, error) {
	sets := make(map[string]string, len(connections))
	for i := range connections {
		if c := &connections[i]; c.CredentialsSetID != "" {
			sets[c.ID] = c.CredentialsSetID
		}
	}
	var keys map[string][]byte
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		keys, err = tx.ComparisonKeys(ctx, sets)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read comparison keys: %w", err)
	}
	return keys, nil
}
