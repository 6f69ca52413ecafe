package embedded_test

import (
	"bytes"
	"database/sql"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// Earlier versions did not know that these two are one name.
func TestNameCollisionIsLoggedAtStart(t *testing.T) {
	t.Parallel()
	o := newOptions(t)
	control, client := open(t, o)
	ids := make([]string, 2)
	for i, name := range []string{"Straße", "Avenue"} {
		request := connection()
		request.Name = name
		created, err := client.CreateConnection(t.Context(), request)
		if err != nil {
			t.Fatal(err)
		}
		ids[i] = created.ID
	}
	if err := control.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", filepath.Join(o.DataDir, "riva.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, err = db.ExecContext(t.Context(),
		`UPDATE connections SET name = 'STRASSE', name_folded = 'strasse' || char(31) || id WHERE id = $1`, ids[1])
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}

	var log bytes.Buffer
	o.Logger = slog.New(slog.NewTextHandler(&log, nil))
	_, client = open(t, o)
	for _, words := range []string{"level=WARN", "Straße", "STRASSE", ids[0], ids[1], "rename one of them"} {
		if !strings.Contains(log.String(), words) {
			t.Errorf("%q is not in the log: %s", words, log.String())
		}
	}
	// The one that is not found by its name can be changed, and renamed.
	name, verify := "STRASSE", false
	changed := api.UpdateConnection{Name: &name, Credentials: map[string]string{"password": "other"}, Verify: &verify}
	if _, err := client.UpdateConnection(t.Context(), ids[1], 0, changed); err != nil {
		t.Errorf("change: %v", err)
	}
	name = "Lane"
	if _, err := client.UpdateConnection(t.Context(), ids[1], 0, api.UpdateConnection{Name: &name}); err != nil {
		t.Errorf("rename: %v", err)
	}
}
