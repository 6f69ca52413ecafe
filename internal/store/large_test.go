package store_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// The numbers of rows in a large database. The other tables have as many rows as connections.
const (
	largeConnections = 10_000
	largeUsers       = 100_000
)

// numbered is the id of a row of a large database. Rows are numbered from 1, in the order of their creation.
func numbered(i int) string { return fmt.Sprintf("0190a000-0000-7000-8000-%012d", i) }

// largeRows are the columns of a large database in which its rows differ, by table.
var largeRows = map[string]string{
	"connections":      `'name', 'connection ' || i, 'name_folded', 'connection ' || i`,
	"connection_tests": `'connection_id', numbered(i)`,
	"sync_policies": `'name', 'policy ' || i, 'name_folded', 'policy ' || i, 'crm_connection_id', numbered(i),
		'email_connection_id', numbered(i % 10000 + 1)`,
	"users": `'email', 'user' || i || '@example.com', 'email_folded', 'user' || i || '@example.com',
		'sync_policy_id', CASE WHEN i % 10 > 0 THEN numbered(i % 1000 + 1) END`,
	"sync_cycles": `'policy_id', numbered(i % 1000)`,
	"sync_logs": `'cycle_id', numbered(i % 100 + 1), 'policy_id', numbered(i % 100 + 1), 'connection_id', numbered(i % 100 + 1),
		'user_email_folded', 'user' || i % 1000 || '@example.com'`,
	"audit_events": `'action', 'action ' || i % 1000, 'object_id', numbered(i % 1000), 'outcome', 'outcome ' || i % 1000,
		'at', to_char(timestamp '2026-03-01' + i * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
	"answers": `'idempotency_key', 'key ' || i, 'run_id', 'run ' || i % 1000, 'object_id', numbered(i),
		'digest', encode(convert_to(numbered(i), 'UTF8'), 'base64')`,
}

// newLarge fills a PostgreSQL database with copies of one row in each table.
func newLarge(t *testing.T) (address string, keyset store.Keyset) {
	t.Helper()
	ctx, address, keyset := t.Context(), postgrestest.New(t), newKeyset(t)
	s := openPostgres(t, address, keyset)
	c, p := fullConnection(t, "template"), plainPolicy(t, "template")
	insertConnections(t, s, c)
	insertPolicies(t, s, p)
	change(t, s, func(tx model.Tx) error {
		cycle := model.Cycle{ID: newID(t), State: model.CycleFinished, StartedAt: startTime, FinishedAt: new(startTime)}
		log := model.SyncLog{ID: newID(t), CycleID: cycle.ID, At: startTime}
		record := model.IdempotencyRecord{Caller: "caller", Digest: []byte("digest"), Result: []byte("{}"), At: startTime}
		return errors.Join(tx.InsertUser(ctx, plainUser(t, "template@example.com")), tx.InsertTest(ctx, testResult(t, c.ID), 3),
			tx.InsertCycle(ctx, cycle), tx.InsertSyncLogs(ctx, []model.SyncLog{log}),
			tx.InsertIdempotencyRecord(ctx, record, startTime), tx.InsertAudit(ctx, model.AuditEvent{ID: newID(t), At: startTime}))
	})
	inDatabase(t, address, `CREATE FUNCTION numbered(i INTEGER) RETURNS TEXT LANGUAGE SQL IMMUTABLE RETURN
		'0190a000-0000-7000-8000-' || lpad(CAST(i AS TEXT), 12, '0')`)
	for _, table := range []string{
		"connections", "connection_tests", "sync_policies", "users", "sync_cycles", "sync_logs", "audit_events", "answers",
	} {
		rows := largeConnections
		if table == "users" {
			rows = largeUsers
		}
		//nolint:unqueryvet // the columns are those of the table, whichever it has
		inDatabase(t, address+"&search_path=riva,public", fmt.Sprintf(`
			INSERT INTO %[1]s SELECT filled.* FROM %[1]s template, generate_series(1, %[2]d) i,
			LATERAL jsonb_populate_record(template, jsonb_build_object('id', numbered(i), %[3]s)) filled ORDER BY i`,
			table, rows, largeRows[table]))
	}
	inDatabase(t, address, `ANALYZE`)
	return address, keyset
}

// wholeTable finds the plan nodes that read all rows of a large table.
var wholeTable = regexp.MustCompile(`Seq Scan on (connections|connection_tests|sync_policies|users|sync_cycles|sync_logs|` +
	`audit_events|answers)\b`)

func TestLargeDatabase(t *testing.T) {
	t.Parallel()
	address, keyset := newLarge(t)
	w := newWire(t, address)
	reader, err := openWith(t, w.address, keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	writer, err := openWith(t, address, keyset, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("plans", func(t *testing.T) { checkLargePlans(t, reader) })
	t.Run("connections", func(t *testing.T) {
		checkPages(t, w, largeConnections, func(tx model.Tx, p model.Page) ([]model.ConnectionDetail, error) {
			return tx.Connections(t.Context(), model.ConnectionFilter{}, p)
		}, func(d model.ConnectionDetail) string { return d.Connection.ID }, reader, func(page int) error {
			made := fullConnection(t, fmt.Sprint("made ", page))
			return writer.Update(t.Context(), func(tx model.Tx) error {
				return errors.Join(tx.InsertConnection(t.Context(), made), deleteEnds(page, largeConnections, func(id string) error {
					return tx.DeleteConnection(t.Context(), id)
				}))
			})
		})
	})
	t.Run("users", func(t *testing.T) {
		checkPages(t, w, largeUsers, func(tx model.Tx, p model.Page) ([]model.User, error) {
			return tx.Users(t.Context(), model.UserFilter{}, p)
		}, func(u model.User) string { return u.ID }, reader, func(page int) error {
			made := plainUser(t, fmt.Sprintf("made-%d@example.com", page))
			return writer.Update(t.Context(), func(tx model.Tx) error {
				return errors.Join(tx.InsertUser(t.Context(), made), deleteEnds(page, largeUsers, func(id string) error {
					return tx.DeleteUser(t.Context(), id)
				}))
			})
		})
	})
}

// deleteEnds deletes a row that was listed already and one that was not.
func deleteEnds(page, rows int, deleteRow func(id string) error) error {
	return errors.Join(deleteRow(numbered(page)), deleteRow(numbered(rows+1-page)))
}

// checkPages lists all rows while others are made and deleted between the pages.
func checkPages[T any](
	t *testing.T, w *wire, rows int, list func(model.Tx, model.Page) ([]T, error), id func(T) string, reader *store.Store,
	meanwhile func(page int) error,
) {
	t.Helper()
	const limit = 500
	seen := make(map[string]int, rows)
	page, after := 0, ""
	for {
		var found []T
		equal(t, "round trips for a page", w.count(t, func() error {
			return reader.Read(t.Context(), func(tx model.Tx) (err error) {
				found, err = list(tx, model.Page{Limit: limit, After: after})
				return err
			})
		}), 1)
		for _, row := range found {
			seen[id(row)]++
		}
		if len(found) < limit {
			break
		}
		page, after = page+1, id(found[len(found)-1])
		if err := meanwhile(page); err != nil {
			t.Fatal(err)
		}
	}
	for i := 1; i <= rows-page; i++ {
		if n := seen[numbered(i)]; n != 1 {
			t.Fatalf("row %d is on %d pages, want 1", i, n)
		}
	}
	for row, n := range seen {
		if n != 1 {
			t.Errorf("row %s is on %d pages, want 1", row, n)
		}
	}
}

// checkLargePlans reports the statements of requests that read a large table as a whole.
func checkLargePlans(t *testing.T, s *store.Store) {
	t.Helper()
	for name, run := range largeRequests(t) {
		plans, err := s.Plans(run)
		if err != nil || len(plans) == 0 {
			t.Errorf("%s: %d statements: %v", name, len(plans), err)
		}
		for _, plan := range plans {
			if found := wholeTable.FindString(plan); found != "" {
				t.Errorf("%s: %s in\n%s", name, found, strings.TrimSpace(plan))
			}
		}
	}
}

type request = func(*store.Store) error

// largeRequests are the requests that must not become slower with the number of rows. A filter by a part of the actor of an audit
// event is not one of them: no index finds that.
func largeRequests(t *testing.T) map[string]request {
	t.Helper()
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = numbered(i*50 + 1)
	}
	day := time.Date(2026, 3, 7, 0, 0, 0, 0, time.UTC)
	return map[string]request{
		"a connection":                   reading(t, model.Tx.ConnectionDetail, numbered(4321)),
		"a connection by name":           reading(t, model.Tx.ConnectionByName, "Connection 77"),
		"connections":                    listing(t, model.Tx.Connections, model.ConnectionFilter{}),
		"connections by id":              listing(t, model.Tx.Connections, model.ConnectionFilter{IDs: ids}),
		"connections by name":            listing(t, model.Tx.Connections, model.ConnectionFilter{Name: "connection 77"}),
		"connections of a target system": listing(t, model.Tx.Connections, model.ConnectionFilter{System: "exchange"}),
		"a user":                         reading(t, model.Tx.User, numbered(4321)),
		"users":                          listing(t, model.Tx.Users, model.UserFilter{}),
		"users by id":                    listing(t, model.Tx.Users, model.UserFilter{IDs: ids}),
		"users by email address":         listing(t, model.Tx.Users, model.UserFilter{Email: "user77@example.com"}),
		"users of a policy":              listing(t, model.Tx.Users, model.UserFilter{SyncPolicyID: numbered(77)}),
		"users of a cycle":               listing(t, model.Tx.Users, model.UserFilter{CheckedBy: numbered(77), Enabled: new(true)}),
		"number of users of a policy":    reading(t, model.Tx.CountUsers, model.UserFilter{SyncPolicyID: numbered(77)}),
		"policies":                       listing(t, model.Tx.Policies, model.PolicyFilter{}),
		"policies by id":                 listing(t, model.Tx.Policies, model.PolicyFilter{IDs: ids}),
		"policies by name":               listing(t, model.Tx.Policies, model.PolicyFilter{Name: "policy 77"}),
		"policies of a connection":       listing(t, model.Tx.Policies, model.PolicyFilter{ConnectionID: numbered(4321)}),
		"logs of a user":                 listing(t, model.Tx.SyncLogs, model.SyncLogFilter{UserEmail: "user77@example.com"}),
		"logs of a policy":               listing(t, model.Tx.SyncLogs, model.SyncLogFilter{PolicyID: numbered(77)}),
		"logs of a connection":           listing(t, model.Tx.SyncLogs, model.SyncLogFilter{ConnectionID: numbered(77)}),
		"logs of a cycle":                listing(t, model.Tx.SyncLogs, model.SyncLogFilter{CycleID: numbered(77)}),
		"audit events":                   auditing(t, model.AuditFilter{}),
		"audit events of an object":      auditing(t, model.AuditFilter{ObjectID: numbered(77)}),
		"audit events of an action":      auditing(t, model.AuditFilter{Action: "action 77"}),
		"audit events of an outcome":     auditing(t, model.AuditFilter{Outcome: "outcome 77"}),
		"audit events of a time":         auditing(t, model.AuditFilter{Since: day, Until: day.Add(time.Hour)}),
		"first result of a request": writing(t, func(ctx context.Context, tx model.Tx) error {
			_, err := tx.IdempotencyRecord(ctx, "caller", "key 77")
			_, also := tx.UndeliveredRecord(ctx, numbered(4321))
			delivered := tx.MarkRunDelivered(ctx, "run 77")
			return errors.Join(err, also, delivered, tx.MarkObjectDelivered(ctx, numbered(4321), "run 321"))
		}),
		"new, changed and deleted user": writing(t, func(ctx context.Context, tx model.Tx) error {
			u := plainUser(t, "new@example.com")
			return errors.Join(tx.InsertUser(ctx, u), tx.UpdateUser(ctx, u), tx.DeleteUser(ctx, u.ID))
		}),
		"new, changed and deleted policy": writing(t, func(ctx context.Context, tx model.Tx) error {
			p := plainPolicy(t, "new")
			return errors.Join(tx.InsertPolicy(ctx, p), tx.UpdatePolicy(ctx, p), tx.DeletePolicy(ctx, p.ID))
		}),
	}
}

func reading[F, T any](t *testing.T, read func(model.Tx, context.Context, F) (T, error), f F) request {
	t.Helper()
	return func(s *store.Store) error {
		return s.View(t.Context(), func(tx model.Tx) error { _, err := read(tx, t.Context(), f); return err })
	}
}

// listing reads a page in the middle.
func listing[F, T any](
	t *testing.T, list func(model.Tx, context.Context, F, model.Page) ([]T, error), f F,
) request {
	t.Helper()
	page := model.Page{Limit: 100, After: numbered(4321)}
	return func(s *store.Store) error {
		return s.View(t.Context(), func(tx model.Tx) error { _, err := list(tx, t.Context(), f, page); return err })
	}
}

func auditing(t *testing.T, f model.AuditFilter) request {
	t.Helper()
	return func(s *store.Store) error {
		_, err := s.AuditEvents(t.Context(), f, model.Page{Limit: 100})
		_, also := s.AuditEvents(t.Context(), f, model.Page{Limit: 100, After: numbered(4321)})
		return errors.Join(err, also)
	}
}

func writing(t *testing.T, write func(context.Context, model.Tx) error) request {
	t.Helper()
	return func(s *store.Store) error {
		return s.Update(t.Context(), func(tx model.Tx) error { return write(t.Context(), tx) })
	}
}
