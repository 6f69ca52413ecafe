package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// defaultConnections is how many connections to a PostgreSQL database one process opens: a server has about a hundred for
// everybody.
const defaultConnections = 4

// requireKeyset is the error for a store that is configured without a keyset. Nothing makes one for it: each machine would make
// another one.
func requireKeyset(what string) error {
	return errors.New(what + " requires the keyset that seals the credentials in it: configure its file as keyset (RIVA_KEYSET), " +
		"or its content as keyset_json (RIVA_KEYSET_JSON). All machines use the same one. For a new database, make it with: " +
		"terraform-provider-riva keys create FILE")
}

// describeDatabaseError returns an *[api.DatabaseError], unless the caller has canceled.
func describeDatabaseError(place string, err error) error {
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("open %s: %w", place, err)
	}
	if store.Passes(err) {
		return &api.DatabaseError{Database: place, Passes: true, Err: fmt.Errorf("%w; check that the server runs, that the host and "+
			"the port in its address are right, and that this machine can reach it: a firewall may be in between", err)}
	}
	return &api.DatabaseError{Database: place, Err: err}
}

// CheckDatabase checks the address of a PostgreSQL database and its keyset, without a call to the server. Place names the
// database.
func CheckDatabase(ctx context.Context, o Options) (place string, warnings []string, err error) {
	place, keys, err := checkDatabase(ctx, o)
	return place, keys.warnings, err
}

func checkDatabase(ctx context.Context, o Options) (place string, keys openedKeyset, err error) {
	if place, err = store.CheckPostgresAddress(o.DatabaseURL, o.CACertificate); err != nil {
		return "", keys, fmt.Errorf("database_url or RIVA_DATABASE_URL: %w", err)
	}
	keys, err = readKeyset(ctx, o, "database_url (RIVA_DATABASE_URL)")
	return place, keys, err
}

// readKeyset reads the configured keyset. It never creates one. What requires it begins the error for a missing configuration.
func readKeyset(ctx context.Context, o Options, what string) (k openedKeyset, err error) {
	if o.KeysetJSON != "" {
		k.keyset, err = parseKeyset(o.KeysetJSON)
		return k, err
	}
	if o.Keyset == "" {
		return k, requireKeyset(what)
	}
	if k.path, err = filepath.Abs(o.Keyset); err != nil {
		return k, fmt.Errorf("keyset %q: %w", o.Keyset, err)
	}
	if k.warnings, err = checkSharedKeysetPlace(ctx, k.path); err != nil {
		return k, err
	}
	k.warnings = withoutEmpty(k.warnings)
	k.keyset, err = store.ReadKeyset(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, fmt.Errorf("the keyset %s does not exist: copy it from where the other machines have it, or correct keyset "+
			"(RIVA_KEYSET); for a new database, make it with: terraform-provider-riva keys create %s", k.path, k.path)
	}
	return k, describeError(k.path, err)
}

// checkSharedKeysetPlace is checkKeysetPlace for a keyset that belongs to no data directory.
func checkSharedKeysetPlace(ctx context.Context, path string) (warnings []string, err error) {
	resolved, err := resolve(path)
	if err != nil {
		return nil, describeError(path, err)
	}
	return checkConfiguredPlace(ctx, path, resolved)
}
