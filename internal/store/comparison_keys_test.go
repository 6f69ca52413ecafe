package store_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// canaryKey is a comparison key that is found wherever it is stored in clear text.
var canaryKey = []byte("canary-comparison-key-of-32-byte")

// submitSet stores a connection with credentials and a comparison key.
func submitSet(t *testing.T, s *store.Store, name string, key []byte) model.Connection {
	t.Helper()
	c := fullConnection(t, name)
	insertConnections(t, s, c)
	seal(t, s, c, target.Credentials{"password": "p"})
	change(t, s, func(tx model.Tx) error { return tx.PutComparisonKey(t.Context(), c.ID, c.CredentialsSetID, key) })
	return c
}

func comparisonKeys(t *testing.T, s *store.Store, setIDs map[string]string) map[string][]byte {
	t.Helper()
	return view(t, s, func(tx model.Tx) (map[string][]byte, error) { return tx.ComparisonKeys(t.Context(), setIDs) })
}

func TestComparisonKeysBelongToOneSet(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		one, two := submitSet(t, s, "one", []byte("key one")), submitSet(t, s, "two", []byte("key two"))
		older := fullConnection(t, "from before comparison keys")
		insertConnections(t, s, older)
		seal(t, s, older, target.Credentials{"password": "p"})

		all := map[string]string{
			one.ID: one.CredentialsSetID, two.ID: two.CredentialsSetID, older.ID: older.CredentialsSetID, newID(t): newID(t),
		}
		equal(t, "of all", comparisonKeys(t, s, all), map[string][]byte{one.ID: []byte("key one"), two.ID: []byte("key two")})
		equal(t, "of none", comparisonKeys(t, s, nil), map[string][]byte{})
		for name, set := range map[string]string{"another set": newID(t), "the set of another": two.CredentialsSetID, "no set": ""} {
			equal(t, name, comparisonKeys(t, s, map[string]string{one.ID: set}), map[string][]byte{})
		}

		seal(t, s, one, target.Credentials{"password": "rotated by the target system"})
		equal(t, "of a rotated set", comparisonKeys(t, s, all)[one.ID], []byte("key one"))
		change(t, s, func(tx model.Tx) error { return tx.DeleteCredentials(t.Context(), one.ID) })
		equal(t, "of a blanked set", comparisonKeys(t, s, all), map[string][]byte{two.ID: []byte("key two")})
		err := s.Update(t.Context(), func(tx model.Tx) error {
			return tx.PutComparisonKey(t.Context(), one.ID, one.CredentialsSetID, []byte("key"))
		})
		if !errors.Is(err, model.ErrNotFound) {
			t.Errorf("a key without credentials: %v", err)
		}
	})
}

// A copied database has nothing that a guess could be compared with, and an edited one returns no key of another row.
func TestComparisonKeysAreSealed(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	s := openAt(t, path, keyset)
	one, two := submitSet(t, s, "one", canaryKey), submitSet(t, s, "two", canaryKey)
	tamper(t, path, `UPDATE credentials SET comparison_key = (SELECT comparison_key FROM credentials WHERE connection_id = $1)`,
		one.ID)
	sets := map[string]string{one.ID: one.CredentialsSetID, two.ID: two.CredentialsSetID}
	equal(t, "after a row was copied", comparisonKeys(t, s, sets), map[string][]byte{one.ID: canaryKey})
	closeStore(t, s)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(content, canaryKey) || bytes.Contains(content, []byte(base64.StdEncoding.EncodeToString(canaryKey))) {
		t.Error("the database has a comparison key in clear text")
	}
	if _, err := store.OpenSQLite(t.Context(), path, newKeyset(t), testSystems()); err == nil {
		t.Error("the database was opened with another keyset")
	}
}

func TestMigrationKeepsSetsWithoutComparisonKey(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	s := openAt(t, path, keyset)
	c := submitSet(t, s, "mail", []byte("key"))
	closeStore(t, s)
	downgrade(t, path, 8)
	s = openAt(t, path, keyset)
	equal(t, "keys", comparisonKeys(t, s, map[string]string{c.ID: c.CredentialsSetID}), map[string][]byte{})
	if got, err := unseal(t, s, c.ID); err != nil || got["password"] != "p" {
		t.Errorf("the credentials: %v", err)
	}
}
