package store_test

import (
	"bytes"
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
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

func TestCredentialsOfEditedSettingsStaySealed(t *testing.T) {
	t.Parallel()
	binding := func(c model.Connection) string { return c.Settings["ews_url"] + "\n" + c.Settings["username"] }
	for _, field := range []string{"ews_url", "username"} {
		t.Run(field, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "riva.db")
			s := openAt(t, path, newKeyset(t))
			c := fullConnection(t, "mail")
			insertConnections(t, s, c)
			putCredentials(t, s, c.ID, binding(c), target.Credentials{"password": "p"})
			tamper(t, path, `UPDATE connections SET settings = json_set(settings, '$.`+field+`', 'https://evil.example.com')`)
			c = view(t, s, func(tx model.Tx) (model.Connection, error) { return tx.Connection(t.Context(), c.ID) })
			if c.Settings[field] != "https://evil.example.com" {
				t.Fatal("the settings were not edited")
			}
			if _, err := readCredentials(t, s, c.ID, binding(c)); !errors.Is(err, model.ErrSealed) {
				t.Errorf("credentials for edited settings: %v", err)
			}
		})
	}
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
