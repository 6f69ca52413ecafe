package store

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func (t *tx) PutComparisonKey(ctx context.Context, connectionID, setID string, key []byte) error {
	sealed, err := t.store.keyset.seal.Encrypt(key, t.store.comparisonKeyData(connectionID, setID))
	if err != nil {
		return fmt.Errorf("seal the comparison key: %w", err)
	}
	return t.execOne(ctx, "write comparison key",
		`UPDATE credentials SET comparison_key = $1 WHERE connection_id = $2`, asText(sealed), connectionID)
}

func (t *tx) ComparisonKeys(ctx context.Context, setIDs map[string]string) (map[string][]byte, error) {
	keys := make(map[string][]byte, len(setIDs))
	if len(setIDs) == 0 {
		return keys, nil
	}
	connectionIDs := make([]string, 0, len(setIDs))
	for id := range setIDs {
		connectionIDs = append(connectionIDs, id)
	}
	type sealedKey struct {
		connectionID string
		sealed       []byte
	}
	q := query{text: `SELECT connection_id, comparison_key FROM credentials`}
	q.in(connectionIDs, "connection_id")
	all, err := many(ctx, t, "read comparison keys", func(r row) (k sealedKey, err error) {
		err = r.Scan(&k.connectionID, bytesColumn{&k.sealed})
		return k, err
	}, q.String(), q.args...)
	if err != nil {
		return nil, err
	}
	for _, k := range all {
		// What cannot be opened is of another set, or of another keyset.
		key, err := t.store.keyset.seal.Decrypt(k.sealed, t.store.comparisonKeyData(k.connectionID, setIDs[k.connectionID]))
		if err == nil {
			keys[k.connectionID] = key
		}
	}
	return keys, nil
}

// comparisonKeyData is the associated data of a comparison key: it is bound to this database, to the connection and to the set.
func (s *Store) comparisonKeyData(connectionID, setID string) []byte {
	return target.LengthPrefixed("comparison key", s.instanceID, connectionID, setID)
}
