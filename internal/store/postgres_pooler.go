package store

import (
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// A pooler such as PgBouncer lends a session of the server for a transaction. It refuses start-up parameters, or ignores those in
// its ignore_startup_parameters (https://www.pgbouncer.org/config.html). Prepared statements of a session cannot be found in the
// next one before PgBouncer 1.21. So behind a pooler, each transaction begins with its settings, and nothing is prepared.

// errPooler means that the settings of a session are not what the start-up parameters say.
var errPooler = errors.New("a connection pooler is in between")

// refusesParameter reports whether a pooler refused a start-up parameter.
func refusesParameter(err error) bool {
	failure, ok := errors.AsType[*pgconn.PgError](err)
	return ok && failure.Code == pgProtocolViolation && strings.Contains(failure.Message, "startup parameter")
}

// forPooler moves the start-up parameters to statements for the beginning of each transaction, except the name of the program,
// which poolers know, and options, which is not a setting.
func forPooler(config *pgxpool.Config, address string) (settings string) {
	parameters := config.ConnConfig.RuntimeParams
	for _, name := range slices.Sorted(maps.Keys(parameters)) {
		if name != "application_name" && name != "options" {
			settings += "; SET LOCAL " + pgx.Identifier{name}.Sanitize() + " = '" +
				strings.ReplaceAll(parameters[name], "'", "''") + "'"
			delete(parameters, name)
		}
	}
	if !strings.Contains(address, "default_query_exec_mode") {
		config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeExec
	}
	return settings
}
