//go:build linux

package crash_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// machineObjects is how many objects machineConfiguration creates, and machineUsers how many of them are users.
const machineObjects, machineUsers = 7, 4

// machineConfiguration creates objects of all kinds, most of them one after the other.
var machineConfiguration = acctest.Mail("") + acctest.CRM(acctest.RefreshToken, "") + fmt.Sprintf(`
resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "1h"
}

resource "riva_user" "all" {
  count          = %d
  email          = "user-${count.index}@example.com"
  sync_policy_id = riva_sync_policy.mail.id
}
`, machineUsers)

// points are moments of an apply of machineConfiguration: the apply waits there for a lock of the statement, or for Exchange.
var points = map[string]struct {
	lock string
	// objects is how many objects exist then, at least.
	objects int
}{
	"during a sign-in":      {"", 0},
	"between two resources": {`LOCK TABLE riva.sync_policies IN SHARE MODE`, 2},
	"between two users": {`INSERT INTO riva.users (id, email, email_folded, display_name, enabled, revision, created_at,
		last_modified_at) VALUES ('x', 'x', 'user-2@example.com', '', TRUE, 1, '', '')`, 6},
}

// A machine is lost in the middle of an apply, with its state. The same apply on another machine, which has only the
// configuration, the database and the keyset, takes over what was created, and creates the rest.
func TestOtherMachineCompletesKilledApply(t *testing.T) {
	t.Parallel()
	for name, point := range points {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t).UseDatabase(postgrestest.New(t))
			db := openDatabase(t, env.DatabaseURL)
			release := holdAt(t, env, point.lock)
			lost := env.Command(machineConfiguration)
			command := start(lost, "apply", "-auto-approve")
			acctest.Eventually(t, "the apply waits", func() bool {
				waits := len(env.Exchange.Requests()) > 0
				if point.lock != "" {
					waits = db.number(t, countWaiting) > 0
				}
				return waits && db.number(t, countObjects) >= point.objects
			})
			sigkill(t, append(childrenOf(command.pid()), command.pid())...)
			awaitNone(t, lost.Dir)
			release()
			db.endLeases(t)

			other := env.Command(machineConfiguration)
			other.Env = []string{"HOME=" + t.TempDir()}
			other.Must("apply", "-auto-approve")
			if out, err := other.Run("plan", "-detailed-exitcode"); err != nil {
				t.Errorf("the next plan is not empty: %v\n%s", err, out)
			}
			objects, created := db.number(t, countObjects), db.number(t, countCreations)
			if objects != machineObjects || created != machineObjects {
				t.Errorf("%d objects exist and %d were created, want %d", objects, created, machineObjects)
			}
		})
	}
}

// holdAt makes an apply wait until the returned function is called.
func holdAt(t *testing.T, env *acctest.Environment, lock string) (release func()) {
	t.Helper()
	if lock == "" {
		if err := env.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
			t.Fatal(err)
		}
		return func() { env.Exchange.Clear() }
	}
	holder := openDatabase(t, env.DatabaseURL)
	begun, err := holder.Begin(t.Context())
	if err == nil {
		_, err = begun.Exec(t.Context(), lock)
	}
	if err != nil {
		t.Fatal(err)
	}
	return func() {
		if err := begun.Rollback(t.Context()); err != nil {
			t.Error(err)
		}
	}
}

const (
	countObjects = `SELECT (SELECT COUNT(*) FROM riva.connections) + (SELECT COUNT(*) FROM riva.sync_policies) +
		(SELECT COUNT(*) FROM riva.users)`
	countWaiting   = `SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`
	countCreations = `SELECT COUNT(*) FROM riva.audit_events WHERE action LIKE '%.create' AND outcome = 'done'`
)

// database is the database of an environment, as an administrator sees it.
type database struct{ *pgx.Conn }

func openDatabase(t *testing.T, address string) database {
	t.Helper()
	connection, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := connection.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return database{connection}
}

func (d database) number(t *testing.T, query string) (n int) {
	t.Helper()
	if err := d.QueryRow(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// endLeases makes all leases end now, as they do 20 seconds after a machine is lost.
func (d database) endLeases(t *testing.T) {
	t.Helper()
	if _, err := d.Exec(t.Context(), `UPDATE riva.leases SET expires_at = '2000-01-01T00:00:00.000000Z'`); err != nil {
		t.Fatal(err)
	}
}
