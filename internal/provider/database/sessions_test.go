package database_test

import (
	"context"
	"errors"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// countSessions counts the sessions of the provider in a database.
const countSessions = `SELECT COUNT(*) FROM pg_stat_activity
	WHERE datname = current_database() AND application_name = 'terraform-provider-riva'`

// count returns the number that a statement selects.
func count(t *testing.T, address, statement string) (number int) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	connection, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	err = connection.QueryRow(ctx, statement).Scan(&number)
	if err := errors.Join(err, connection.Close(ctx)); err != nil {
		t.Fatal(err)
	}
	return number
}

func TestProcessOpensFewSessions(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	command := env.Command(acctest.Mail("") + `
resource "riva_user" "all" {
  count = 40
  email = "user-${count.index}@example.com"
}
`)
	most := 0
	running := startSlowApply(t, env, command, "-parallelism=40")
	acctest.Eventually(t, "the users are created", func() bool {
		most = max(most, count(t, env.DatabaseURL, countSessions))
		return count(t, env.DatabaseURL, `SELECT COUNT(*) FROM riva.users`) == 40
	})
	env.Exchange.Clear()
	if out, err := running.End(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if most < 1 || most > 4 {
		t.Errorf("one process opened %d sessions", most)
	}
	if left := count(t, env.DatabaseURL, countSessions); left != 0 {
		t.Errorf("after the apply, %d sessions are left", left)
	}
}

// A validation, and a plan that reads nothing, need no database.
func TestValidateNeedsNoDatabase(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	env.DatabaseURL = "postgres://riva@127.0.0.1:1/riva?sslmode=disable"
	env.Command(acctest.Mail("")).Must("validate")
}
