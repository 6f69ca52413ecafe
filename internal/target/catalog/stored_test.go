package catalog_test

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// storedConnections is an engine with a store and all systems.
type storedConnections struct {
	*engine.Engine
	db *store.Store
}

func newStoredConnections(t *testing.T) storedConnections {
	t.Helper()
	dir := t.TempDir()
	keyset, _, err := store.OpenKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.OpenSQLite(t.Context(), filepath.Join(dir, "riva.db"), keyset, catalog.All())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return storedConnections{engine.New(db, engine.Options{Systems: catalog.All()}), db}
}

// opens reports whether the stored credentials of a connection can be opened.
func (s storedConnections) opens(t *testing.T, system *target.System, id string) error {
	t.Helper()
	return s.db.View(t.Context(), func(tx model.Tx) error {
		c, err := tx.Connection(t.Context(), id)
		if err != nil {
			return err
		}
		_, err = tx.Credentials(t.Context(), model.BindingOf(&c, system))
		return err
	})
}

// valid returns settings and credentials that a system accepts.
func valid(t *testing.T, s *target.System, secrets map[target.Type]string) (target.Settings, target.Credentials) {
	t.Helper()
	for _, g := range s.Grants {
		credentials := target.Credentials{}
		for _, name := range g.Secrets {
			f, _ := s.Field(name)
			credentials[name] = secrets[f.Type]
		}
		given, optional := required(s, g.Settings)
		for settings := range completions(given, optional) {
			if _, err := s.Grant(settings, credentials); err == nil && len(s.Validate(settings, credentials, target.Network{})) == 0 {
				return settings, credentials
			}
		}
	}
	t.Fatal("no settings and credentials are valid")
	return nil, nil
}

// In every system, a stored connection needs its credentials for a new authority, and keeps them when one is removed.
func TestStoredCredentialsAreBoundToAuthorities(t *testing.T) {
	t.Parallel()
	stored, secrets := newStoredConnections(t), samples(t)
	authority, _ := pemtest.Pair(t, "authority", time.Now().Add(time.Hour))
	forEach(t, func(t *testing.T, s *target.System) {
		settings, credentials := valid(t, s, secrets)
		c, err := stored.CreateConnection(t.Context(), model.NewConnection{
			Name: s.Name, System: s.Name, Settings: settings, Credentials: credentials,
		})
		if err != nil {
			t.Fatal(err)
		}
		trusting := maps.Clone(settings)
		trusting[target.CACertificate] = authority
		for _, step := range []struct {
			what   string
			change model.ConnectionChange
			needs  bool
		}{
			{"added alone", model.ConnectionChange{Settings: trusting}, true},
			{"added with the credentials", model.ConnectionChange{Settings: trusting, Credentials: credentials}, false},
			{"removed alone", model.ConnectionChange{Settings: settings}, false},
		} {
			_, err := stored.UpdateConnection(t.Context(), c.ID, step.change)
			needed := new(model.CredentialsRequiredError)
			if step.needs != errors.As(err, &needed) || !step.needs && err != nil ||
				step.needs && !slices.Equal(needed.Fields, []string{target.CACertificate}) {
				t.Errorf("%s: %v", step.what, err)
			}
			if err := stored.opens(t, s, c.ID); err != nil {
				t.Errorf("%s: the credentials cannot be opened: %v", step.what, err)
			}
		}
	})
}
