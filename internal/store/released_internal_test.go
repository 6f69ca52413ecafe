package store

import (
	"context"
	"database/sql"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

var recordReleased = flag.Bool("record-released", false, "record the statements of this version, for a release")

// TestReleasedStatementsWorkOnTheNewestSchema compiles the statements of the last release: machines that still have it go on
// after another one has migrated the database. Before the first release, they are those of an earlier version.
func TestReleasedStatementsWorkOnTheNewestSchema(t *testing.T) {
	t.Parallel()
	keyset, _, err := OpenKeyset(filepath.Join(t.TempDir(), "keyset.json"))
	if err != nil {
		t.Fatal(err)
	}
	for name, open := range map[string]func() (*Store, error){
		"sqlite": func() (*Store, error) {
			return OpenSQLite(t.Context(), filepath.Join(t.TempDir(), "riva.db"), keyset, nil)
		},
		"postgresql": func() (*Store, error) {
			return OpenPostgres(t.Context(), postgrestest.New(t), keyset, nil, PostgresOptions{Connections: 2, Migrate: true})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := open()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			})
			file := filepath.Join("testdata", "released-"+name+".sql")
			if *recordReleased {
				if err := os.WriteFile(file, []byte(strings.Join(statementsOf(t, s), ";\n")+";\n"), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			released := strings.Split(strings.TrimSuffix(string(content), ";\n"), ";\n")
			if len(released) < 50 {
				t.Errorf("%d statements, want those of a released version", len(released))
			}
			for _, statement := range released {
				prepare(t, s, statement)
			}
		})
	}
}

var parameter = regexp.MustCompile(`\$\d+`)

// prepare lets the database compile a statement, without running it.
func prepare(t *testing.T, s *Store, statement string) {
	t.Helper()
	begun, err := s.db.beginWrite(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = begun.Rollback() }()
	names := map[string]bool{}
	for _, name := range parameter.FindAllString(statement, -1) {
		names[name] = true
	}
	if _, err := begun.ExecContext(t.Context(), "EXPLAIN "+statement, make([]any, len(names))...); err != nil {
		t.Errorf("the newest schema does not work for the released version: %s: %v", statement, err)
	}
}

// statementsOf calls all methods of transactions, with and without values, and returns the statements that they run.
func statementsOf(t *testing.T, s *Store) []string {
	t.Helper()
	recorded := &recorder{all: map[string]bool{}}
	run := func(f func(*tx)) {
		begun, err := s.db.beginWrite(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		recorded.transaction = begun
		f(&tx{tx: recorded, store: s})
		if begun.Commit() != nil {
			_ = begun.Rollback()
		}
	}
	call := func(method reflect.Method, full bool) {
		run(func(transaction *tx) {
			arguments := []reflect.Value{reflect.ValueOf(transaction), reflect.ValueOf(t.Context())}
			for i := 2; i < method.Type.NumIn(); i++ {
				arguments = append(arguments, argument(method.Type.In(i), full))
			}
			method.Func.Call(arguments) // most fail: what they are given does not exist
		})
	}
	wanted, all := reflect.TypeFor[model.Tx](), reflect.TypeFor[*tx]()
	for _, full := range []bool{true, false} {
		for _, first := range []string{"Insert", "Put", "", "Delete"} {
			for method := range all.Methods() {
				_, ok := wanted.MethodByName(method.Name)
				if ok && method.Type.In(1) == reflect.TypeFor[context.Context]() && strings.HasPrefix(method.Name, first) {
					call(method, full)
				}
			}
		}
		var f model.AuditFilter
		if full {
			fill(reflect.ValueOf(&f).Elem())
		}
		run(func(transaction *tx) { _, _ = transaction.auditEvents(t.Context(), f, model.Page{Limit: 1}, "") })
	}
	return slices.Sorted(maps.Keys(recorded.all))
}

// argument is a value with something in every member, or with nothing. A page always has a limit.
func argument(of reflect.Type, full bool) reflect.Value {
	value := reflect.New(of).Elem()
	if p, ok := reflect.TypeAssert[*model.Page](value.Addr()); ok {
		p.Limit = 1
	}
	if full {
		fill(value)
	}
	return value
}

func fill(value reflect.Value) {
	switch v := value.Addr().Interface().(type) {
	case *time.Time:
		*v = time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
		return
	case *target.Settings:
		*v = target.Settings{}
		return
	}
	switch value.Kind() {
	case reflect.String:
		value.SetString("x")
	case reflect.Int, reflect.Int64:
		value.SetInt(1)
	case reflect.Bool:
		value.SetBool(true)
	case reflect.Pointer:
		value.Set(reflect.New(value.Type().Elem()))
		fill(value.Elem())
	case reflect.Slice:
		value.Set(reflect.MakeSlice(value.Type(), 1, 1))
		fill(value.Index(0))
	case reflect.Struct:
		for _, member := range value.Fields() {
			if member.CanSet() {
				fill(member)
			}
		}
	default:
	}
}

// recorder notes the statements of a transaction.
type recorder struct {
	transaction

	all map[string]bool
}

func (r *recorder) note(statement string) { r.all[strings.Join(strings.Fields(statement), " ")] = true }

func (r *recorder) ExecContext(ctx context.Context, statement string, args ...any) (sql.Result, error) {
	r.note(statement)
	return r.transaction.ExecContext(ctx, statement, args...)
}

func (r *recorder) QueryContext(ctx context.Context, statement string, args ...any) (*sql.Rows, error) {
	r.note(statement)
	return r.transaction.QueryContext(ctx, statement, args...)
}

func (r *recorder) QueryRowContext(ctx context.Context, statement string, args ...any) *sql.Row {
	r.note(statement)
	return r.transaction.QueryRowContext(ctx, statement, args...)
}
