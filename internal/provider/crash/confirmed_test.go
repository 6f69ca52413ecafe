//go:build linux

package crash_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	_ "modernc.org/sqlite" // to read a copy of the database
)

var (
	importAddress = regexp.MustCompile(`to = (riva_connection\.\w+)`)
	importID      = regexp.MustCompile(`id = "([0-9a-f-]{36})"`)
)

// importConfirmed imports the connections that the previous command created, as the error says, if the provider had received the
// answers and ended before the kill: between that and the write of Terraform's state, only Terraform could have saved them. It
// reports false if any of them was not received.
func (l *life) importConfirmed(out string) bool {
	l.t.Helper()
	if !strings.Contains(out, "The Name Is Already Taken") {
		return false
	}
	addresses, ids := importAddress.FindAllStringSubmatch(out, -1), importID.FindAllStringSubmatch(out, -1)
	if len(addresses) == 0 || len(addresses) != len(ids) {
		return false
	}
	for i := range ids {
		if !l.received(ids[i][1]) {
			return false
		}
		l.command.Must("import", addresses[i][1], ids[i][1])
	}
	return true
}

// received reports whether the answer with a new connection is known to have been received. It reads a copy, since no process may
// open a database that is in use in another way than the control plane does.
func (l *life) received(id string) bool {
	l.t.Helper()
	content, err := os.ReadFile(filepath.Join(l.DataDir, "riva.db"))
	if err != nil {
		l.t.Fatal(err)
	}
	path := filepath.Join(l.t.TempDir(), "copy.db")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		l.t.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		l.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // only read from
	var received bool
	const statement = `SELECT COALESCE(MIN(delivered), FALSE) FROM answers WHERE object_id = $1`
	err = db.QueryRowContext(l.t.Context(), statement, id).Scan(&received)
	if err != nil {
		l.t.Fatal(err)
	}
	return received
}
