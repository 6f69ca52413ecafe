package store

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// postgresSchema has the tables of this program, so that other programs can share the database.
	postgresSchema = "riva"
	// oldestPostgres is the oldest version that the tests run with, in the form of server_version_num.
	oldestPostgres = 150000
)

// defaultSettings are the settings of a session that the address can change. Times are in milliseconds. The limits end a request
// before its client gives up: other transactions take milliseconds. A stopped process loses its locks.
var defaultSettings = map[string]string{
	"application_name":                    "terraform-provider-riva",
	"idle_in_transaction_session_timeout": "30000",
	"lock_timeout":                        "5000",
	"statement_timeout":                   "30000",
}

// PostgresOptions configure [OpenPostgres].
type PostgresOptions struct {
	// Connections is the largest number of connections to the server at the same time; at least 1. A sixth of them, but at least
	// one of several, is for leases and running cycles only.
	Connections int
	// Migrate creates the tables or upgrades them to the newest schema. Without it, the database must have that schema.
	Migrate bool
	// Version is the version of this program. A migration leaves it in the database, for the messages of older versions.
	Version string
	// CACertificate has certificate authorities (PEM) to trust besides those of the address, or else of this machine.
	CACertificate string
}

// OpenPostgres opens the database at the address, which has the form postgres://user:password@host/database or any other that
// libpq supports. Without [PostgresOptions.Migrate] it changes nothing. Any number of processes can use the database at the same
// time.
//
// A server on another machine must have a certificate that is valid for its host name, as with sslmode=verify-full.
//
// The errors that callers can distinguish are [ErrKeyset], [ErrNewer], [ErrOlder], [model.UnavailableError],
// [model.DatabaseError] and [model.StorageError]. No error contains the password.
func OpenPostgres(ctx context.Context, address string, keyset Keyset, systems target.Catalog, o PostgresOptions) (*Store, error) {
	if !keyset.valid() {
		return nil, errors.New("open store: the keyset is empty")
	}
	config, err := postgresConfig(address, o)
	if err != nil {
		return nil, err
	}
	s := &Store{keyset: keyset, systems: systems}
	err = s.openPool(ctx, config, "", o)
	if errors.Is(err, errPooler) {
		settings := forPooler(config, address)
		err = s.openPool(ctx, config, settings, o)
	}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// openPool opens the database. The settings are those that each transaction begins with.
func (s *Store) openPool(ctx context.Context, config *pgxpool.Config, settings string, o PostgresOptions) error {
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	db := newPostgresDB(pool, o.Connections, placeOf(config.ConnConfig))
	db.settings, s.db = settings, db
	if err := s.openPostgres(ctx, db, config.ConnConfig, o); err != nil {
		return errors.Join(db.describe(err), db.close(context.WithoutCancel(ctx)))
	}
	return nil
}

func (s *Store) openPostgres(ctx context.Context, db *postgresDB, config *pgx.ConnConfig, o PostgresOptions) error {
	if err := db.check(ctx); err != nil {
		return err
	}
	err := s.checkPostgresSchema(ctx, db)
	if o.Migrate && errors.Is(err, ErrOlder) && db.settings != "" {
		return fmt.Errorf("%w: a connection pooler is in between: migrate with the address of the server itself", err)
	}
	if o.Migrate && errors.Is(err, ErrOlder) {
		err = s.migratePostgres(ctx, db, config, o.Version)
	}
	if err != nil {
		return err
	}
	return s.readCollisions(ctx)
}

// postgresConfig reads the address. Its errors do not quote it: it has a password, and the driver's errors can have parts of it.
func postgresConfig(address string, o PostgresOptions) (*pgxpool.Config, error) {
	if o.Connections < 1 {
		return nil, fmt.Errorf("the number of connections must be at least 1, but it is %d", o.Connections)
	}
	config, err := parseAddress(address)
	if err != nil {
		return nil, err
	}
	if err := trust(&config.ConnConfig.Config, o.CACertificate); err != nil {
		return nil, err
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	config.MaxConns, config.MinConns = int32(o.Connections), 0
	settings := config.ConnConfig.RuntimeParams
	settings["search_path"] = postgresSchema
	for name, value := range defaultSettings {
		if settings[name] == "" {
			settings[name] = value
		}
	}
	return config, nil
}

// placeOf names the database without the user and the password.
func placeOf(config *pgx.ConnConfig) string {
	return "postgres://" + net.JoinHostPort(config.Host, strconv.Itoa(int(config.Port))) + "/" + config.Database
}

// check connects, and returns an error if the server cannot keep what this program stores.
func (d *postgresDB) check(ctx context.Context) error {
	var version int
	var encoding, commits, path string
	err := d.db.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS INTEGER),
		current_setting('server_encoding'), current_setting('synchronous_commit'), current_setting('search_path')`).
		Scan(&version, &encoding, &commits, &path)
	switch {
	case d.settings == "" && (refusesParameter(err) || err == nil && path != postgresSchema):
		return errPooler
	case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
		return &model.UnavailableError{Place: d.place, Reason: "did not answer in time", Err: err}
	case err != nil:
		return fmt.Errorf("connect to %s: %w", d.place, orCanceled(ctx, err))
	case version < oldestPostgres:
		return fmt.Errorf("the server of %s is PostgreSQL %d, and this program requires %d or newer", d.place, version/10000,
			oldestPostgres/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database %s has the encoding %s: create one with the encoding UTF8", d.place, encoding)
	case commits == "off":
		return fmt.Errorf("the setting synchronous_commit of %s is off, so a crash of the server loses what was committed: set it "+
			"to on for the database or the role", d.place)
	}
	return nil
}
