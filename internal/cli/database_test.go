package cli_test

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// canary is the password in the addresses of databases.
const canary = "canary-6f1c"

// database is an empty PostgreSQL database, with a keyset for it.
type database struct {
	address, keyset string
}

// useKeyset configures the commands of this test for a new keyset, by environment variables, and returns its path.
func useKeyset(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"RIVA_ENDPOINT", "RIVA_DATA_DIR", "RIVA_KEYSET_JSON", "RIVA_CA_CERTIFICATE", "RIVA_INSTANCE_ID"} {
		t.Setenv(name, "")
	}
	keyset := filepath.Join(t.TempDir(), "keyset.json")
	mustExecute(t, "keys", "create", keyset)
	t.Setenv("RIVA_KEYSET", keyset)
	return keyset
}

// newDatabase configures the commands of this test for an empty database.
func newDatabase(t *testing.T) database {
	t.Helper()
	d := database{address: postgrestest.New(t), keyset: useKeyset(t)}
	t.Setenv("RIVA_DATABASE_URL", d.address)
	return d
}

// run runs statements as an administrator would.
func (d database) run(t *testing.T, statements ...string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	connection, err := pgx.Connect(ctx, d.address)
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range statements {
		if _, err := connection.Exec(ctx, statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := connection.Close(ctx); err != nil {
		t.Fatal(err)
	}
}

// with is the address with a part changed.
func (d database) with(t *testing.T, change func(*url.URL, url.Values)) string {
	t.Helper()
	address, err := url.Parse(d.address)
	if err != nil {
		t.Fatal(err)
	}
	settings := address.Query()
	address.User = url.UserPassword(settings.Get("user"), canary)
	settings.Del("user")
	change(address, settings)
	address.RawQuery = settings.Encode()
	return address.String()
}

// role creates a role that can log in, without rights, and returns its name and the address for it.
func (d database) role(t *testing.T) (name, address string) {
	t.Helper()
	address = d.with(t, func(address *url.URL, _ url.Values) {
		name = strings.TrimPrefix(address.Path, "/")
		address.User = url.UserPassword(name, canary)
	})
	d.run(t, "CREATE ROLE "+name+" LOGIN")
	t.Cleanup(func() { d.run(t, "DROP OWNED BY "+name, "DROP ROLE "+name) })
	return name, address
}

func mustExecute(t *testing.T, args ...string) string {
	t.Helper()
	out, err := execute(t, "", args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// wantFailure runs a command, which must fail with an error that has the texts, and no password.
func wantFailure(t *testing.T, args []string, texts ...string) {
	t.Helper()
	out, err := execute(t, "", args...)
	if err == nil {
		t.Fatalf("%v succeeded:\n%s", args, out)
	}
	for _, text := range texts {
		if !strings.Contains(err.Error(), text) {
			t.Errorf("%v: the error does not have %q: %v", args, text, err)
		}
	}
	if strings.Contains(err.Error()+out, canary) {
		t.Errorf("%v: the password is shown: %v\n%s", args, err, out)
	}
}

func TestAddressOfDatabaseIsChecked(t *testing.T) {
	for name, c := range map[string]struct {
		address string
		want    []string
	}{
		"malformed": {"postgres://riva:" + canary + "@127.0.0.1:port/riva", []string{
			"must have the form postgres://", "RIVA_DATABASE_URL"}},
		"another database": {"mysql://riva:" + canary + "@127.0.0.1/riva", []string{"must have the form postgres://"}},
		"not encoded":      {"postgres://riva:" + canary + "#/@127.0.0.1/riva", []string{"percent-encoding"}},
		"unverified": {"postgres://riva:" + canary + "@db.example.com/riva?sslmode=require", []string{
			"db.example.com", "write sslmode=verify-full", "RIVA_CA_CERTIFICATE"}},
		"unencrypted": {"host=db.example.com password=" + canary + " sslmode=disable", []string{"write sslmode=verify-full"}},
		"one of two unverified": {"postgres://riva:" + canary + "@localhost,db.example.com/riva?sslmode=prefer", []string{
			"db.example.com", "write sslmode=verify-full"}},
		"a missing file": {"postgres://riva:" + canary + "@db.example.com/riva?sslrootcert=/missing.pem", []string{"/missing.pem"}},
		"an unknown host": {"postgres://riva:" + canary + "@db..example.com/riva", []string{
			"postgres://db..example.com:5432/riva", "does not exist", "correct the host"}},
		"nothing listens": {"postgres://riva:" + canary + "@127.0.0.1:1/riva?sslmode=disable", []string{
			"postgres://127.0.0.1:1/riva cannot be reached", "check that the server runs"}},
	} {
		t.Run(name, func(t *testing.T) {
			useKeyset(t)
			t.Setenv("RIVA_DATABASE_URL", c.address)
			wantFailure(t, []string{"connections"}, c.want...)
			wantFailure(t, []string{"migrate"}, c.want...)
		})
	}
}

// upgradingQuotes are the errors about an older or a newer database that the guide on upgrading quotes, in the parts before and
// after the schema version of this program. They are without the address of the database.
func upgradingQuotes(t *testing.T, which string) []string {
	t.Helper()
	at := slices.Index([]string{"newer", "older"}, which)
	if at < 0 {
		return nil
	}
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "upgrading.md"))
	if err != nil {
		t.Fatal(err)
	}
	quote, _, _ := strings.Cut(strings.Split(string(page), "```text\n")[at+1], "```")
	_, quote, _ = strings.Cut(strings.Join(strings.Fields(quote), " "), "/riva ")
	return regexp.MustCompile(`\d+: `).Split(quote, -1)
}

func TestSchemaOfDatabaseIsChecked(t *testing.T) { //nolint:paralleltest // it sets environment variables
	for name, c := range map[string]struct {
		migrated bool
		change   string
		// both is true if migrate fails as well.
		both bool
		want []string
	}{
		"empty": {want: []string{"has no tables of this program", "terraform-provider-riva migrate"}},
		"older": {
			migrated: true, change: `DELETE FROM riva.schema_versions WHERE version_id >= 8`,
			want: []string{"has schema version 7", "terraform-provider-riva migrate"},
		},
		"newer": {
			migrated: true, both: true, want: []string{"has schema version 1000", "install version 9.9.9"},
			change: `INSERT INTO riva.schema_versions (version_id, is_applied) VALUES (1000, TRUE);
				UPDATE riva.schema_compatibility SET oldest_version = 1000;
				COMMENT ON SCHEMA riva IS 'terraform-provider-riva 9.9.9'`,
		},
		"of another program": {
			both: true, change: `CREATE SCHEMA riva; CREATE TABLE riva.connections (id INT)`,
			want: []string{`has a schema "riva" that does not belong to this program`, "connections", "use another database"},
		},
		"with other versions": {
			both: true, change: `CREATE SCHEMA riva; CREATE TABLE riva.schema_versions (id INT)`,
			want: []string{`has a schema "riva" that does not belong to this program`, "use another database"},
		},
		"without a table": {
			migrated: true, both: true, change: `DROP TABLE riva.instance`,
			want: []string{`has a schema "riva" that does not belong to this program`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDatabase(t)
			if c.migrated {
				mustExecute(t, "migrate")
			}
			d.run(t, c.change)
			wantFailure(t, []string{"connections"}, append(c.want, upgradingQuotes(t, name)...)...)
			if c.both {
				wantFailure(t, []string{"migrate"}, c.want...)
			}
		})
	}
}

func TestServerOfDatabaseRefuses(t *testing.T) {
	d := newDatabase(t)
	mustExecute(t, "migrate")
	_, noRights := d.role(t)
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	verified := url.Values{"sslmode": {"verify-full"}}
	front := func(configure func(*postgrestest.Front), settings url.Values) string {
		f := postgrestest.NewFront(t, d.address)
		configure(f)
		return f.Address(url.UserPassword("riva", canary), settings)
	}
	refuse := func(code, message string) string {
		return front(func(f *postgrestest.Front) {
			f.Refuse = &pgproto3.ErrorResponse{Severity: "FATAL", Code: code, Message: message}
		}, url.Values{"sslmode": {"disable"}})
	}
	withTLS := func(f *postgrestest.Front) { f.TLS = server.TLS }
	for name, c := range map[string]struct {
		address string
		want    []string
	}{
		"the login": {refuse("28P01", `password authentication failed for user "riva"`), []string{
			"refuses the login", "Correct the user name and the password"}},
		"the host": {refuse("28000", `no pg_hba.conf entry for host "192.0.2.1"`), []string{"refuses the login", "pg_hba.conf"}},
		"a pooler": {refuse("08P01", "unsupported startup parameter: search_path"), []string{
			"connection pooler", "ignore_startup_parameters"}},
		"an unknown database": {d.with(t, func(address *url.URL, _ url.Values) { address.Path = "/missing" }), []string{
			"/missing does not exist", "CREATE DATABASE"}},
		"a right": {noRights, []string{"refuses a right", "permission denied for schema riva", "migrate prints"}},
		"no TLS":  {front(func(*postgrestest.Front) {}, verified), []string{"does not use TLS", "ssl = on"}},
		"an unknown authority": {front(withTLS, verified), []string{
			"an authority that this machine does not trust", "sslrootcert=FILE", "RIVA_CA_CERTIFICATE"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("RIVA_DATABASE_URL", c.address)
			wantFailure(t, []string{"connections"}, c.want...)
		})
	}
	authority := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}))
	address := front(withTLS, verified)
	t.Run("another host name", func(t *testing.T) {
		t.Setenv("RIVA_DATABASE_URL", strings.Replace(address, "127.0.0.1", "localhost", 1))
		t.Setenv("RIVA_CA_CERTIFICATE", authority)
		wantFailure(t, []string{"connections"}, "not valid for the host", "localhost")
	})
	t.Run("nothing", func(t *testing.T) {
		t.Setenv("RIVA_DATABASE_URL", address)
		t.Setenv("RIVA_CA_CERTIFICATE", authority)
		if out := mustExecute(t, "connections"); !strings.Contains(out, "No connections.") {
			t.Errorf("over TLS:\n%s", out)
		}
	})
}

func TestReadOnlyDatabaseIsNotMigrated(t *testing.T) { //nolint:paralleltest // it sets environment variables
	d := newDatabase(t)
	d.run(t, `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$`)
	wantFailure(t, []string{"migrate"}, "cannot be written", "standby", "target_session_attrs=read-write")
}

func TestRoleWithoutRightsDoesNotMigrate(t *testing.T) {
	d := newDatabase(t)
	_, address := d.role(t)
	t.Setenv("RIVA_DATABASE_URL", address)
	wantFailure(t, []string{"migrate"}, "refuses a right", "CREATE on the database")
}

func TestDatabaseRequiresItsKeyset(t *testing.T) {
	d := newDatabase(t)
	mustExecute(t, "migrate")
	t.Run("none", func(t *testing.T) {
		t.Setenv("RIVA_KEYSET", "")
		for _, command := range []string{"connections", "migrate"} {
			wantFailure(t, []string{command}, "RIVA_KEYSET", "RIVA_KEYSET_JSON", "terraform-provider-riva keys create")
		}
	})
	t.Run("missing", func(t *testing.T) {
		t.Setenv("RIVA_KEYSET", d.keyset+".old")
		wantFailure(t, []string{"connections"}, d.keyset+".old does not exist", "keys create")
	})
	t.Run("another one", func(t *testing.T) {
		other := filepath.Join(t.TempDir(), "other.json")
		mustExecute(t, "keys", "create", other)
		t.Setenv("RIVA_KEYSET", other)
		for _, command := range []string{"connections", "migrate"} {
			wantFailure(t, []string{command}, "was created with another keyset")
		}
	})
}

func TestOnlyOneControlPlaneIsSelected(t *testing.T) {
	newDatabase(t)
	for _, variable := range []string{"RIVA_ENDPOINT", "RIVA_DATA_DIR"} {
		t.Setenv(variable, "https://riva.example.com")
		for _, command := range [][]string{{"connections"}, {"run-cycle", "Mail"}, {"migrate"}} {
			wantFailure(t, command, "RIVA_DATABASE_URL and "+variable)
		}
		wantFailure(t, []string{"connections", "--data-dir", "/missing"}, "data directory /missing")
		t.Setenv(variable, "")
	}
	t.Setenv("RIVA_DATABASE_URL", "")
	wantFailure(t, []string{"migrate"}, "RIVA_DATABASE_URL is not set")
}

func TestMigrateReportsWhatItDid(t *testing.T) {
	d := newDatabase(t)
	first := mustExecute(t, "migrate")
	for _, want := range []string{"Created the tables", "GRANT USAGE ON SCHEMA riva TO " + storage.RunRole} {
		if !strings.Contains(first, want) {
			t.Errorf("the first time, %q is missing:\n%s", want, first)
		}
	}
	if second := mustExecute(t, "migrate"); !strings.Contains(second, "nothing to do") {
		t.Errorf("the second time:\n%s", second)
	}
	var done struct {
		From, To int64
		Changed  bool
		Grants   []string
	}
	err := json.Unmarshal([]byte(mustExecute(t, "migrate", "--json")), &done)
	if err != nil || done.Changed || done.From != done.To || done.To == 0 {
		t.Errorf("as JSON: %+v, %v", done, err)
	}

	role, address := d.role(t)
	for _, statement := range done.Grants {
		d.run(t, strings.ReplaceAll(statement, storage.RunRole, role))
	}
	t.Setenv("RIVA_DATABASE_URL", address)
	if out := mustExecute(t, "connections"); !strings.Contains(out, "No connections.") {
		t.Errorf("as the role with the least rights:\n%s", out)
	}
	d.run(t, `DELETE FROM riva.schema_versions WHERE version_id >= 8`)
	wantFailure(t, []string{"migrate"}, "refuses a right")
}
