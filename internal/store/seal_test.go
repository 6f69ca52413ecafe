package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

func TestSealedRowsCannotBeMoved(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	s := openAt(t, path, keyset)
	mine, other := fullConnection(t, "mine"), fullConnection(t, "other")
	insertConnections(t, s, mine, other)
	putCredentials(t, s, mine.ID, "there", target.Credentials{"password": "mine"})
	putCredentials(t, s, other.ID, "there", target.Credentials{"password": "other"})
	tamper(t, path, `UPDATE credentials SET sealed = (SELECT sealed FROM credentials WHERE connection_id = $1)`, mine.ID)
	if got, err := readCredentials(t, s, mine.ID, "there"); err != nil || got["password"] != "mine" {
		t.Errorf("unchanged row: %v", err)
	}
	if _, err := readCredentials(t, s, other.ID, "there"); !errors.Is(err, model.ErrSealed) {
		t.Errorf("copied row: %v", err)
	}

	// Also not into another database with the same keyset, under the same connection id.
	elsewhere := filepath.Join(t.TempDir(), "riva.db")
	s2 := openAt(t, elsewhere, keyset)
	insertConnections(t, s2, mine)
	tamper(t, elsewhere, `ATTACH '`+path+`' AS original; INSERT INTO credentials (connection_id, sealed)
		SELECT connection_id, sealed FROM original.credentials
		WHERE connection_id = $1`, mine.ID)
	if _, err := readCredentials(t, s2, mine.ID, "there"); !errors.Is(err, model.ErrSealed) {
		t.Errorf("row of another database: %v", err)
	}
	for _, broken := range []string{"", "AAAA", "!"} {
		tamper(t, path, `UPDATE credentials SET sealed = $1`, broken)
		if _, err := readCredentials(t, s, mine.ID, "there"); err == nil {
			t.Errorf("sealed text %q was accepted", broken)
		}
	}
}

// Whoever edits the database cannot have the credentials sent elsewhere, shown to others, or sent in a weaker form.
func TestCredentialsOfEditedSettingsStaySealed(t *testing.T) {
	t.Parallel()
	authority, _ := pemtest.Pair(t, "evil", time.Now().Add(time.Hour))
	for field, value := range map[string]string{
		"ews_url": "https://evil.example.com", "username": "admin", "authentication": "basic", "ca_certificate": authority,
	} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "riva.db")
			s := openAt(t, path, newKeyset(t))
			c := fullConnection(t, "mail")
			c.Settings["authentication"] = "ntlm"
			insertConnections(t, s, c)
			seal(t, s, c, target.Credentials{"password": "p"})
			if got, err := unseal(t, s, c.ID); err != nil || got["password"] != "p" {
				t.Fatalf("before: %v", err)
			}
			tamper(t, path, `UPDATE connections SET settings = json_set(settings, '$.`+field+`', $1)`, value)
			if got := connectionOf(t, s, c.ID); got.Settings[field] != value {
				t.Fatal("the settings were not edited")
			}
			if _, err := unseal(t, s, c.ID); !errors.Is(err, model.ErrSealed) {
				t.Errorf("credentials for edited settings: %v", err)
			}
		})
	}
}

// The authentication scheme that proved the credentials is sealed with them: with another scheme in the database row, they cannot
// be opened. It is kept when the database is opened again.
func TestCredentialsOfEditedSchemeStaySealed(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"", "basic"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
			s := openAt(t, path, keyset)
			c := fullConnection(t, "mail") // proven with NTLM
			insertConnections(t, s, c)
			seal(t, s, c, target.Credentials{"password": "p"})
			closeStore(t, s)
			s = openAt(t, path, keyset)
			if got, err := unseal(t, s, c.ID); err != nil || got["password"] != "p" {
				t.Fatalf("opened again: %v", err)
			}
			tamper(t, path, `UPDATE connections SET credentials_scheme = $1`, scheme)
			if got := connectionOf(t, s, c.ID); got.CredentialsScheme != scheme {
				t.Fatal("the scheme was not edited")
			}
			if _, err := unseal(t, s, c.ID); !errors.Is(err, model.ErrSealed) {
				t.Errorf("credentials with an edited scheme: %v", err)
			}
		})
	}
}

// After new credentials were submitted, an older row cannot be put back.
func TestOlderSealedRowCannotBePutBack(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "riva.db")
	s := openAt(t, path, newKeyset(t))
	c := fullConnection(t, "mail")
	insertConnections(t, s, c)
	seal(t, s, c, target.Credentials{"password": "old"})
	tamper(t, path, `CREATE TABLE kept AS SELECT sealed FROM credentials`)
	c.CredentialsSetID = newID(t)
	change(t, s, func(tx model.Tx) error { return tx.UpdateConnection(t.Context(), c) })
	seal(t, s, c, target.Credentials{"password": "new"})
	if got, err := unseal(t, s, c.ID); err != nil || got["password"] != "new" {
		t.Fatalf("the new credentials: %v", err)
	}
	tamper(t, path, `UPDATE credentials SET sealed = (SELECT sealed FROM kept)`)
	if _, err := unseal(t, s, c.ID); !errors.Is(err, model.ErrSealed) {
		t.Errorf("the old row: %v", err)
	}
}

// seal stores credentials as the engine does.
func seal(t *testing.T, s *store.Store, c model.Connection, credentials target.Credentials) {
	t.Helper()
	b := model.BindingOf(&c, testSystems()[0])
	change(t, s, func(tx model.Tx) error { return tx.PutCredentials(t.Context(), b, credentials) })
}

// unseal opens the credentials of a connection as the engine does.
func unseal(t *testing.T, s *store.Store, id string) (credentials target.Credentials, err error) {
	t.Helper()
	c := connectionOf(t, s, id)
	err = s.View(t.Context(), func(tx model.Tx) error {
		credentials, err = tx.Credentials(t.Context(), model.BindingOf(&c, testSystems()[0]))
		return err
	})
	return credentials, err
}

func connectionOf(t *testing.T, s *store.Store, id string) model.Connection {
	t.Helper()
	return view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), id) })
}

func TestPlainSecretsAreNotOnDisk(t *testing.T) {
	t.Parallel()
	const canary = "CanaryPassw0rd"
	dir, keyset := t.TempDir(), newKeyset(t)
	path := filepath.Join(dir, "riva.db")
	s := openAt(t, path, keyset)
	c := plainConnection(t, "mail")
	insertConnections(t, s, c)
	putCredentials(t, s, c.ID, "there", target.Credentials{"password": canary})
	var sealed string
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.QueryRowContext(t.Context(), `SELECT sealed FROM credentials`).Scan(&sealed); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	expect := func(what, text string, want bool) {
		t.Helper()
		files := os.DirFS(dir)
		found := false
		err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			content, err := fs.ReadFile(files, path)
			found = found || bytes.Contains(content, []byte(text))
			return err
		})
		if err != nil || found != want {
			t.Errorf("%s: found %v, %v", what, found, err)
		}
	}
	// No other process has the database open, so that reading its files while it is open is safe here.
	expect("plain secret in the open database", canary, false)
	expect("sealed secret in the open database", sealed, true)
	change(t, s, func(tx model.Tx) error { return tx.DeleteCredentials(t.Context(), c.ID) })
	closeStore(t, s)
	expect("plain secret in the closed database", canary, false)
	expect("sealed secret after the deletion", sealed, false)
}
