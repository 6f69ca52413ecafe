package database_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// inDatabase runs statements as an administrator would.
func inDatabase(t *testing.T, address string, statements ...string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	connection, err := pgx.Connect(ctx, address)
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

// beforeInsert has every insert of a connection run a statement first.
func beforeInsert(statement string) string {
	return `CREATE FUNCTION riva.disturb() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ` + statement + `; RETURN NEW; END $$;
		CREATE TRIGGER disturb BEFORE INSERT ON riva.connections FOR EACH ROW EXECUTE FUNCTION riva.disturb()`
}

const undisturbed = `DROP FUNCTION riva.disturb CASCADE`

// inThisDatabase is a statement about the database itself.
func inThisDatabase(change string) string {
	return `DO $$ BEGIN EXECUTE format('ALTER DATABASE %I ` + change + `', current_database()); END $$`
}

func TestApplyAfterFailureOfDatabaseCreatesOnce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		disturb, repair string
		want            []string
	}{
		"read-only": {
			disturb: inThisDatabase("SET default_transaction_read_only = on"),
			repair:  inThisDatabase("RESET default_transaction_read_only"),
			want:    []string{"The control plane cannot use its database", "cannot be written", "target_session_attrs=read-write"},
		},
		"full disk": {
			disturb: beforeInsert(`RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'`),
			repair:  undisturbed, want: []string{"cannot be written: the disk is full"},
		},
		"missing right": {
			disturb: beforeInsert(`RAISE EXCEPTION 'permission denied for table connections' USING ERRCODE = '42501'`),
			repair:  undisturbed,
			want:    []string{"refuses a right: permission denied for table connections", "terraform-provider-riva migrate"},
		},
		"killed backend": {
			disturb: beforeInsert(`PERFORM pg_terminate_backend(pg_backend_pid())`),
			repair:  undisturbed, want: []string{"The database is not available", "again later"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t).UseDatabase(postgrestest.New(t))
			inDatabase(t, env.DatabaseURL, c.disturb)
			command := env.Command(acctest.Mail(""))
			out, err := command.Run("apply", "-auto-approve")
			if err == nil {
				t.Fatalf("the apply succeeded:\n%s", out)
			}
			acctest.ExpectOutput(t, out, c.want...)
			inDatabase(t, env.DatabaseURL, `SET default_transaction_read_only = off`, c.repair)
			if found := connections(t, env); len(found) != 0 {
				t.Errorf("the apply left %+v", found)
			}
			command.Must("apply", "-auto-approve")
			if found := connections(t, env); len(found) != 1 {
				t.Errorf("after the next apply, there are %+v", found)
			}
			if out, err := command.Run("plan", "-detailed-exitcode"); err != nil {
				t.Errorf("the next plan is not empty: %v\n%s", err, out)
			}
		})
	}
}

// users are several resources that all need the database.
const users = `
resource "riva_user" "all" {
  count = 8
  email = "user-${count.index}@example.com"
}
`

// Several wrong passwords lock a login on many servers, so the first refusal counts for the whole run.
func TestRefusedLoginIsTriedOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	front := postgrestest.NewFront(t, env.DatabaseURL)
	front.Refuse = &pgproto3.ErrorResponse{
		Severity: "FATAL", Code: "28P01", Message: `password authentication failed for user "riva"`,
	}
	env.DatabaseURL = front.Address(url.UserPassword("riva", canary), url.Values{"sslmode": {"disable"}})
	command := env.Command(users)
	out, err := command.Run("apply", "-auto-approve")
	if err == nil {
		t.Fatalf("the apply succeeded:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "Cannot Use the Database of the Control Plane", "refuses the login", "database_url",
		"RIVA_DATABASE_URL")
	if strings.Contains(out, canary) {
		t.Errorf("the password is shown:\n%s", out)
	}
	if logins := front.Logins(); logins > 2 { // Terraform starts one provider to plan and another one to apply
		t.Errorf("the password was sent %d times", logins)
	}
}

// The server restarts in the middle of an apply: every session ends.
func TestApplyContinuesAfterSessionsEnd(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	command := env.Command(acctest.Mail(""))
	running := startSlowApply(t, env, command)
	inDatabase(t, env.DatabaseURL, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND pid <> pg_backend_pid()`)
	env.Exchange.Clear()
	if out, err := running.End(); err != nil {
		t.Errorf("the apply did not continue: %v\n%s", err, out)
	}
	if out, err := command.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("the next plan is not empty: %v\n%s", err, out)
	}
	if found := connections(t, env); len(found) != 1 {
		t.Errorf("there are %+v", found)
	}
}

func TestDatabaseWithoutTablesNamesMigrate(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	env.DatabaseURL = postgrestest.New(t)
	for _, command := range []string{"plan", "apply"} {
		body := users
		if command == "plan" { // a plan without reads makes no call
			body = `data "riva_connections" "all" {}`
		}
		out, err := env.Command(body).Run(command, "-input=false")
		if command == "apply" {
			out, err = env.Command(body).Run(command, "-auto-approve")
		}
		if err == nil {
			t.Fatalf("%s succeeded:\n%s", command, out)
		}
		acctest.ExpectOutput(t, out, "Cannot Use the Database of the Control Plane", "has no tables of this program",
			"terraform-provider-riva migrate")
	}
}
