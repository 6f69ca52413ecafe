package store_test

import (
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// nextVersion is a schema version that this program does not know.
const nextVersion = 1000

// expand is what a migration of the next version does that this program can go on with.
var expand = []string{
	`ALTER TABLE connections ADD COLUMN note TEXT`,
	`ALTER TABLE users ADD COLUMN rank BIGINT NOT NULL DEFAULT 7`,
	`CREATE TABLE notes (id TEXT PRIMARY KEY, connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE)`,
	`INSERT INTO schema_versions (version_id, is_applied) VALUES (` + strconv.Itoa(nextVersion) + `, TRUE)`,
}

// contract is what one does that this program cannot go on with.
var contract = []string{
	`ALTER TABLE connections RENAME COLUMN settings TO options`,
	`UPDATE schema_compatibility SET oldest_version = ` + strconv.Itoa(nextVersion),
}

// asNextVersion runs statements that only a later version of this program has.
func asNextVersion(t *testing.T, d storetest.Database, statements []string) {
	t.Helper()
	for _, statement := range statements {
		if d.Address != "" {
			inDatabase(t, d.Address+"&search_path=riva", statement)
		} else {
			tamper(t, d.File, statement)
		}
	}
}

// eachOwnDatabase runs a test on a database of each type whose tables the test may change.
func eachOwnDatabase(t *testing.T, run func(*testing.T, storetest.Database)) {
	t.Helper()
	t.Run("SQLite", func(t *testing.T) { t.Parallel(); run(t, storetest.SQLite(t)) })
	t.Run("PostgreSQL", func(t *testing.T) { t.Parallel(); run(t, storetest.At(t, postgrestest.New(t))) })
}

func TestNewerSchemaThatExpandsIsUsed(t *testing.T) {
	t.Parallel()
	eachOwnDatabase(t, func(t *testing.T, d storetest.Database) {
		ctx, c, u := t.Context(), fullConnection(t, "before"), plainUser(t, "before@example.com")
		before := d.Open(t, testSystems())
		insertConnections(t, before, c)
		change(t, before, func(tx model.Tx) error { return tx.InsertUser(ctx, u) })
		asNextVersion(t, d, expand)

		// A process that was open stays usable, and so does one that is started afterwards.
		for i, s := range []*store.Store{before, d.Open(t, testSystems())} {
			equal(t, "row of before the migration", detailOf(t, s, c.ID).Connection, c)
			made := fullConnection(t, fmt.Sprint("made ", i))
			insertConnections(t, s, made)
			equal(t, "new row", detailOf(t, s, made.ID).Connection, made)
			change(t, s, func(tx model.Tx) error {
				return tx.InsertUser(ctx, plainUser(t, fmt.Sprintf("made-%d@example.com", i)))
			})
			c.Revision++
			change(t, s, func(tx model.Tx) error { return tx.UpdateConnection(ctx, c) })
			u.Revision++
			change(t, s, func(tx model.Tx) error { return tx.UpdateUser(ctx, u) })
			change(t, s, func(tx model.Tx) error { return tx.DeleteConnection(ctx, made.ID) })
		}
		equal(t, "users with the default", readValue(t, d, `SELECT COUNT(*) FROM users WHERE rank = 7`), "3")
		equal(t, "migrations that this program ran again", readValue(t, d,
			`SELECT COUNT(*) - COUNT(DISTINCT version_id) FROM schema_versions WHERE version_id > 0`), "0")
	})
}

func TestNewerSchemaThatContractsIsRefused(t *testing.T) {
	t.Parallel()
	eachOwnDatabase(t, func(t *testing.T, d storetest.Database) {
		insertConnections(t, d.Open(t, testSystems()), fullConnection(t, "kept"))
		asNextVersion(t, d, expand)
		asNextVersion(t, d, contract)
		_, err := d.Connect(t.Context(), testSystems())
		if !errors.Is(err, store.ErrNewer) || !strings.Contains(err.Error(), strconv.Itoa(nextVersion)) {
			t.Errorf("error %v, want that the schema is newer, with its version", err)
		}
		equal(t, "rows", readValue(t, d, `SELECT COUNT(*) FROM connections WHERE options <> ''`), "1")
	})
}

// readValue reads one value as an administrator would.
func readValue(t *testing.T, d storetest.Database, statement string) (text string) {
	t.Helper()
	driver, address := "sqlite", "file:"+d.File
	if d.Address != "" {
		driver, address = "pgx", d.Address+"&search_path=riva"
	}
	db, err := sql.Open(driver, address)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.QueryRowContext(t.Context(), statement).Scan(&text), db.Close()); err != nil {
		t.Fatal(err)
	}
	return text
}

// Patterns of statements that the programs of the version before cannot go on with.
var (
	addsColumn = regexp.MustCompile(`(?i)^ALTER TABLE (\w+) ADD COLUMN (.*)$`)
	restricts  = regexp.MustCompile(`(?i)^(ALTER TABLE \w+ (DROP|RENAME|ALTER)|DROP |CREATE UNIQUE INDEX \w+ ON (\w+))`)
	createdIn  = regexp.MustCompile(`(?i)CREATE TABLE (\w+)`)
	comments   = regexp.MustCompile(`(?m)--.*$`)
)

// contracts returns the statements of a migration that need a new oldest_version.
func contracts(migration string) (found []string) {
	var created []string
	for statement := range strings.SplitSeq(comments.ReplaceAllString(migration, ""), ";") {
		statement = strings.Join(strings.Fields(statement), " ")
		if table := createdIn.FindStringSubmatch(statement); len(table) > 0 {
			created = append(created, table[1])
		}
		column := addsColumn.FindStringSubmatch(statement)
		if len(column) > 0 && strings.Contains(column[2], "NOT NULL") && !strings.Contains(column[2], "DEFAULT") {
			found = append(found, statement)
		}
		if limit := restricts.FindStringSubmatch(statement); len(limit) > 0 && !slices.Contains(created, limit[3]) {
			found = append(found, statement)
		}
	}
	return found
}

func TestMigrationsExpandOrSayThatTheyContract(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("migrations", "*.sql"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		version, err := strconv.Atoi(filepath.Base(file)[:5])
		if err != nil {
			t.Fatal(err)
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		says := strings.Contains(string(content), fmt.Sprintf("SET oldest_version = %d;", version))
		if all := contracts(string(content)); version >= 9 && len(all) > 0 && !says { // older programs do not exist
			t.Errorf("%s: programs of the version before cannot go on with\n%s\nContract a release after the last program that needs "+
				"it, and with UPDATE schema_compatibility SET oldest_version = %d", file, strings.Join(all, "\n"), version)
		}
	}
}

func TestContractingStatementsAreFound(t *testing.T) {
	t.Parallel()
	for statement, want := range map[string]int{
		"ALTER TABLE users ADD COLUMN a TEXT":                                              0,
		"ALTER TABLE users ADD COLUMN a TEXT NOT NULL DEFAULT ''":                          0,
		"ALTER TABLE users ADD COLUMN a TEXT NOT NULL":                                     1,
		"ALTER TABLE users\n  DROP COLUMN a":                                               1,
		"ALTER TABLE users RENAME COLUMN a TO b":                                           1,
		"DROP TABLE users":                                                                 1,
		"CREATE INDEX a ON users (b)":                                                      0,
		"CREATE UNIQUE INDEX a ON users (b)":                                               1,
		"CREATE TABLE t (a TEXT NOT NULL);\n-- A comment.\nCREATE UNIQUE INDEX b ON t (a)": 0,
	} {
		equal(t, statement, len(contracts(statement)), want)
	}
}
