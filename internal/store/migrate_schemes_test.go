package store_test

import (
	"errors"
	"maps"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Before version 7, no value of the setting meant Basic, and the credentials were sealed for that. They stay usable, and a row
// that cannot be opened does not prevent the start.
func TestMigrationOfTheFormerDefault(t *testing.T) {
	t.Parallel()
	path, keyset := filepath.Join(t.TempDir(), "riva.db"), newKeyset(t)
	s := openAt(t, path, keyset)
	ids := map[string]string{}
	for _, name := range []string{"", "basic", "ntlm", "edited", "damaged"} {
		c := fullConnection(t, "mail "+name)
		c.CredentialsScheme = ""
		if name == "basic" || name == "ntlm" {
			c.Settings["authentication"] = name
		}
		insertConnections(t, s, c)
		former := target.Settings{"authentication": "basic"}
		maps.Copy(former, c.Settings)
		c.Settings = former
		seal(t, s, c, target.Credentials{"password": name})
		ids[name] = c.ID
	}
	closeStore(t, s)
	downgrade(t, path, 6)
	tamper(t, path, `UPDATE connections SET settings = json_set(settings, '$.username', 'admin') WHERE id = $1`, ids["edited"])
	tamper(t, path, `UPDATE credentials SET sealed = '!' WHERE connection_id = $1`, ids["damaged"])
	s = openAt(t, path, keyset)
	for name, id := range ids {
		got, err := unseal(t, s, id)
		switch {
		case name == "damaged":
			if err == nil {
				t.Error("a damaged row was opened")
			}
		case name == "edited":
			if !errors.Is(err, model.ErrSealed) {
				t.Errorf("an edited row: %v", err)
			}
		case err != nil || got["password"] != name || connectionOf(t, s, id).CredentialsScheme != "":
			t.Errorf("%q: %v", name, err)
		}
	}
}
