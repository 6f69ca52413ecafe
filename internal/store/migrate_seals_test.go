package store_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/insecurecleartextkeyset"
	"github.com/tink-crypto/tink-go/v2/keyset"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// oldSeals is a database of version 5, which bound credentials to connection, address and user name only.
type oldSeals struct {
	dir string
	// ids are the connections, oldest first. The credentials of each one are its number.
	ids []string
}

func (o oldSeals) database() string { return filepath.Join(o.dir, "riva.db") }

func (o oldSeals) keyset(t *testing.T) store.Keyset {
	t.Helper()
	k, err := store.ReadKeyset(filepath.Join(o.dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func newOldSeals(t *testing.T, connections ...model.Connection) oldSeals {
	t.Helper()
	o := oldSeals{dir: t.TempDir()}
	k, _, err := store.OpenKeyset(filepath.Join(o.dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	s := openAt(t, o.database(), k)
	instance := s.InstanceID()
	insertConnections(t, s, connections...)
	closeStore(t, s)
	for i, c := range connections {
		o.ids = append(o.ids, c.ID)
		tamper(t, o.database(), `INSERT INTO credentials (connection_id, sealed) VALUES ($1, $2)`, c.ID, o.seal(t, instance, c, i))
	}
	downgrade(t, o.database(), 5)
	return o
}

// seal encrypts as version 5 did.
func (o oldSeals) seal(t *testing.T, instance string, c model.Connection, number int) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(o.dir, "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Seal json.RawMessage `json:"seal"`
	}
	if err := json.Unmarshal(content, &file); err != nil {
		t.Fatal(err)
	}
	keys, err := insecurecleartextkeyset.Read(keyset.NewJSONReader(bytes.NewReader(file.Seal)))
	if err != nil {
		t.Fatal(err)
	}
	cipher, err := aead.New(keys)
	if err != nil {
		t.Fatal(err)
	}
	binding := fmt.Sprintf("%q %q=%q %q=%q", c.System,
		"ews_url", target.CanonicalURL(c.Settings["ews_url"]), "username", strings.ToLower(c.Settings["username"]))
	var associatedData []byte
	for _, text := range []string{"credentials", instance, c.ID, binding} {
		associatedData = append(binary.BigEndian.AppendUint64(associatedData, uint64(len(text))), text...)
	}
	sealed, err := cipher.Encrypt(fmt.Appendf(nil, `{"password":"%d"}`, number), associatedData)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(sealed)
}

// wantOpen fails the test unless the credentials of the numbered connections can be opened, and no others.
func (o oldSeals) wantOpen(t *testing.T, s *store.Store, numbers ...int) {
	t.Helper()
	ids := map[string]bool{}
	for i, id := range o.ids {
		got, err := unseal(t, s, id)
		c := connectionOf(t, s, id)
		switch want := slices.Contains(numbers, i); {
		case want && (err != nil || got["password"] != strconv.Itoa(i)):
			t.Errorf("connection %d: %v", i, err)
		case want && (c.CredentialsSetID == "" || ids[c.CredentialsSetID]):
			t.Errorf("connection %d has the set id %q", i, c.CredentialsSetID)
		case !want && (!errors.Is(err, model.ErrSealed) || c.CredentialsSetID != ""):
			t.Errorf("connection %d: %v, with the set id %q", i, err, c.CredentialsSetID)
		}
		ids[c.CredentialsSetID] = true
	}
}

func oldConnections(t *testing.T, n int) []model.Connection {
	t.Helper()
	all := make([]model.Connection, n)
	for i := range all {
		all[i] = fullConnection(t, fmt.Sprintf("mail %d", i))
		all[i].Settings["authentication"] = "ntlm"
	}
	return all
}

func TestMigrationSealsCredentialsAgain(t *testing.T) {
	t.Parallel()
	o := newOldSeals(t, oldConnections(t, 2)...)
	s := openAt(t, o.database(), o.keyset(t))
	o.wantOpen(t, s, 0, 1)
	// Now they are bound to the authentication too.
	tamper(t, o.database(), `UPDATE connections SET settings = json_set(settings, '$.authentication', 'basic') WHERE id = $1`,
		o.ids[1])
	if _, err := unseal(t, s, o.ids[1]); !errors.Is(err, model.ErrSealed) {
		t.Errorf("credentials for edited settings: %v", err)
	}
	closeStore(t, s)
	again := openAt(t, o.database(), o.keyset(t))
	if got, err := unseal(t, again, o.ids[0]); err != nil || got["password"] != "0" {
		t.Errorf("opened again: %v", err)
	}
}

// Rows that cannot be sealed again do not prevent the start.
func TestMigrationLeavesRowsThatItCannotOpen(t *testing.T) {
	t.Parallel()
	all := oldConnections(t, 6)
	all[1].System = "unknown"
	o := newOldSeals(t, all...)
	tamper(t, o.database(), `UPDATE connections SET settings = json_set(settings, '$.username', 'admin') WHERE id = $1`, o.ids[2])
	tamper(t, o.database(), `UPDATE credentials SET sealed = '!' WHERE connection_id = $1`, o.ids[3])
	tamper(t, o.database(), `UPDATE credentials SET sealed = (SELECT sealed FROM credentials WHERE connection_id = $1)
		WHERE connection_id = $2`, o.ids[0], o.ids[4])
	s := openAt(t, o.database(), o.keyset(t))
	if _, err := unseal(t, s, o.ids[3]); err == nil {
		t.Error("a damaged row was opened")
	}
	tamper(t, o.database(), `UPDATE credentials SET sealed = 'AAAA' WHERE connection_id = $1`, o.ids[3])
	o.wantOpen(t, s, 0, 5)
}

// A row of before the migration is of no use afterwards.
func TestOldSealIsNotValidAfterMigration(t *testing.T) {
	t.Parallel()
	o := newOldSeals(t, oldConnections(t, 1)...)
	tamper(t, o.database(), `CREATE TABLE kept AS SELECT sealed FROM credentials`)
	s := openAt(t, o.database(), o.keyset(t))
	o.wantOpen(t, s, 0)
	tamper(t, o.database(), `UPDATE credentials SET sealed = (SELECT sealed FROM kept)`)
	for _, set := range []string{connectionOf(t, s, o.ids[0]).CredentialsSetID, ""} {
		tamper(t, o.database(), `UPDATE connections SET credentials_set_id = $1`, set)
		if _, err := unseal(t, s, o.ids[0]); !errors.Is(err, model.ErrSealed) {
			t.Errorf("with the set id %q: %v", set, err)
		}
	}
}

// Another keyset can open nothing, so that a migration with it would lose all credentials.
func TestMigrationWithAnotherKeysetChangesNothing(t *testing.T) {
	t.Parallel()
	o := newOldSeals(t, oldConnections(t, 1)...)
	if s, err := store.OpenSQLite(t.Context(), o.database(), newKeyset(t), testSystems()); !errors.Is(err, store.ErrKeyset) {
		t.Fatalf("got %v, %v", s, err)
	}
	o.wantOpen(t, openAt(t, o.database(), o.keyset(t)), 0)
}

// With this variable set, the test binary is a process that is killed in the middle of a migration.
const killedMigrationVariable = "RIVA_TEST_STORE_KILLED_MIGRATION"

// runKilledMigration opens a database and kills itself when the second connection is to be sealed again.
func runKilledMigration(dir string) error {
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		return err
	}
	systems, calls := testSystems(), 0
	systems[0].Fields[1].Canonical = func(value string) string {
		if calls++; calls == 4 { // two calls for each connection
			_ = self.Kill()
			select {}
		}
		return strings.ToLower(value)
	}
	k, err := store.ReadKeyset(filepath.Join(dir, "keyset.json"))
	if err != nil {
		return err
	}
	_, err = store.OpenSQLite(context.Background(), filepath.Join(dir, "riva.db"), k, systems)
	return fmt.Errorf("opened: %w", err)
}

func TestKilledMigrationIsAtomic(t *testing.T) {
	t.Parallel()
	o := newOldSeals(t, oldConnections(t, 3)...)
	p := exec.CommandContext(t.Context(), os.Args[0])
	p.Env = append(os.Environ(), killedMigrationVariable+"="+o.dir)
	if output, err := p.CombinedOutput(); err == nil || len(output) > 0 {
		t.Fatalf("it was not killed: %v: %s", err, output)
	}
	o.wantOpen(t, openAt(t, o.database(), o.keyset(t)), 0, 1, 2)
}
