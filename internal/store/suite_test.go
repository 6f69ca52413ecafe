package store_test

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// startTime has microseconds, the precision of the store.
var startTime = time.Date(2026, 3, 1, 8, 30, 0, 123456000, time.UTC)

func after(d time.Duration) time.Time { return startTime.Add(d) }

// opener opens one database, several times if it is called several times, as several processes do.
type opener func(*testing.T) *store.Store

// eachDatabase runs a test on a new database of each type.
func eachDatabase(t *testing.T, run func(*testing.T, opener)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		run(t, func(t *testing.T) *store.Store { t.Helper(); return d.Open(t, testSystems()) })
	})
}

// eachStore runs a test on a new store of each type.
func eachStore(t *testing.T, run func(*testing.T, *store.Store)) {
	t.Helper()
	eachDatabase(t, func(t *testing.T, open opener) { run(t, open(t)) })
}

func openPostgres(t *testing.T, address string, keyset store.Keyset) *store.Store {
	t.Helper()
	s, err := store.OpenPostgres(t.Context(), address, keyset, testSystems(), store.PostgresOptions{Connections: 4, Migrate: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// openNew opens a new SQLite database.
func openNew(t *testing.T) *store.Store {
	t.Helper()
	return openAt(t, filepath.Join(t.TempDir(), "riva.db"), newKeyset(t))
}

func openAt(t *testing.T, path string, keyset store.Keyset) *store.Store {
	t.Helper()
	s, err := store.OpenSQLite(t.Context(), path, keyset, testSystems())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// testSystems is a catalog with a setting of each direction that binds credentials.
func testSystems() target.Catalog {
	return target.Catalog{{
		Name: "exchange",
		Fields: []target.Field{
			{Name: "ews_url", Type: target.URL, Binds: true},
			{Name: "username", Binds: true, Canonical: strings.ToLower},
			{Name: "authentication", Weakens: target.WeakerScheme([]string{"basic", "ntlm"})},
			{Name: "mailbox"},
			target.CACertificateField("for a test"),
		},
	}}
}

func closeStore(t *testing.T, s *store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

func newKeyset(t *testing.T) store.Keyset {
	t.Helper()
	k, _, err := store.OpenKeyset(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// change and view run a transaction that must succeed.
func change(t *testing.T, s *store.Store, f func(model.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), f); err != nil {
		t.Fatalf("update: %v", err)
	}
}

func view[T any](t *testing.T, s *store.Store, f func(model.Tx) (T, error)) T {
	t.Helper()
	var found T
	err := s.View(t.Context(), func(tx model.Tx) (err error) {
		found, err = f(tx)
		return err
	})
	if err != nil {
		t.Fatalf("view: %v", err)
	}
	return found
}

func equal[T any](t *testing.T, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

func newID(t *testing.T) string {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id.String()
}

// fullConnection returns a connection with a value in every member.
func fullConnection(t *testing.T, name string) model.Connection {
	t.Helper()
	return model.Connection{
		ID: newID(t), Name: name, System: "exchange", Kind: target.Email,
		Settings: target.Settings{
			"ews_url":  "https://Mail.example.com/EWS/Exchange.asmx/",
			"username": `EXAMPLE\svc <&> "riva"`,
		},
		Revision: 7, CreatedAt: startTime, LastModifiedAt: after(time.Hour),
		CredentialsUpdatedAt: new(after(2 * time.Hour)), CredentialsExpireAt: new(after(48 * time.Hour)),
		MetadataRefreshedAt: new(after(3 * time.Hour)),
		CredentialsSetID:    newID(t), CredentialsScheme: "ntlm", CredentialsVerified: true,
		SubmittedDigest: []byte{0, 1, 254, 255}, Fault: fullFault(),
		Identity: &target.Identity{
			Username: "svc@example.com", UserID: "u-1", OrganizationID: "example.com", OrganizationName: "Example",
			Host: "mail.example.com",
		},
	}
}

// plainConnection returns a connection with only the members that every connection has.
func plainConnection(t *testing.T, name string) model.Connection {
	t.Helper()
	return model.Connection{
		ID: newID(t), Name: name, System: "exchange", Kind: target.Email, Settings: target.Settings{}, Revision: 1,
		CreatedAt: startTime, LastModifiedAt: startTime, CredentialsVerified: true,
	}
}

func fullFault() *model.Fault {
	return &model.Fault{
		Code: target.Throttled, Message: "Too many <requests>.", Help: []string{"Wait.", "Request more."},
		Field: "username", RetryAfter: 90 * time.Second, Certain: true,
	}
}

func insertConnections(t *testing.T, s *store.Store, all ...model.Connection) {
	t.Helper()
	change(t, s, func(tx model.Tx) error {
		for _, c := range all {
			if err := tx.InsertConnection(t.Context(), c); err != nil {
				return err
			}
		}
		return nil
	})
}

func plainPolicy(t *testing.T, name string) model.Policy {
	t.Helper()
	return model.Policy{
		ID: newID(t), Name: name, Enabled: true, Interval: 15 * time.Minute, Revision: 1, CreatedAt: startTime,
		LastModifiedAt: startTime,
	}
}

func insertPolicies(t *testing.T, s *store.Store, all ...model.Policy) {
	t.Helper()
	change(t, s, func(tx model.Tx) error {
		for _, p := range all {
			if err := tx.InsertPolicy(t.Context(), p); err != nil {
				return err
			}
		}
		return nil
	})
}

func plainUser(t *testing.T, email string) model.User {
	t.Helper()
	return model.User{
		ID: newID(t), Email: email, DisplayName: "Ann", Enabled: true, Revision: 1, CreatedAt: startTime,
		LastModifiedAt: startTime,
	}
}
