package storage

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// configDir is the directory of keysets in the user's configuration directory.
const configDir = "terraform-provider-riva"

// maxKeysetID is more than the id of a keyset has, in bytes.
const maxKeysetID = 1024

// KeysetNotFoundError means that the keyset of an existing database does not exist.
type KeysetNotFoundError struct {
	// DataDir is the directory of the database.
	DataDir string
	// Path is the expected path of the keyset; empty if it is not known: no keyset is configured, and the file that has the id of
	// the keyset is missing.
	Path string
}

func (e *KeysetNotFoundError) Error() string {
	where := "is not at " + e.Path
	if e.Path == "" {
		keysets, err := defaultKeysetDir()
		if err != nil {
			keysets = "the user's configuration directory"
		}
		return fmt.Sprintf("the file %s of the data directory %s is missing, and no keyset is configured, so the stored "+
			"credentials cannot be opened. If the database was created with a configured keyset, configure its path as keyset "+
			"or RIVA_KEYSET. Otherwise restore the file from a backup, or configure the path of the right keyset in %s",
			keysetIDFile, e.DataDir, keysets)
	}
	return fmt.Sprintf("the keyset of the database in %s %s, so the stored credentials cannot be opened. Restore the keyset "+
		"from a backup, or from the machine where the data directory was used before, or configure its path as keyset or "+
		"RIVA_KEYSET. If the keyset is lost, move the data directory, start with an empty one, and import or create the "+
		"connections again", e.DataDir, where)
}

// openedKeyset is the keyset of a database.
type openedKeyset struct {
	keyset store.Keyset
	// path is its file; empty if it was configured as text.
	path string
	// warnings are sentences about unsafe places. Some can be empty.
	warnings []string
}

// openKeyset opens the keyset of the database in dir. It creates a keyset only if there is no database: the credentials in an
// existing database can only be opened with the keyset that they were sealed with.
func openKeyset(ctx context.Context, dir string, o Options, exists bool) (k openedKeyset, err error) {
	if o.KeysetJSON != "" {
		k.keyset, err = parseKeyset(o.KeysetJSON)
		return k, err
	}
	if k.path, err = keysetPath(dir, o.Keyset, exists); err != nil {
		return k, err
	}
	if k.warnings, err = checkKeysetPlace(ctx, dir, k.path, o.Keyset != ""); err != nil {
		return k, err
	}
	if !exists {
		k.keyset, _, err = store.OpenKeyset(k.path)
		return k, describeError(k.path, err)
	}
	k.keyset, err = store.ReadKeyset(k.path)
	if errors.Is(err, fs.ErrNotExist) {
		return k, &KeysetNotFoundError{DataDir: dir, Path: k.path}
	}
	return k, describeError(k.path, err)
}

// parseKeyset reads a keyset that is configured as text.
func parseKeyset(text string) (store.Keyset, error) {
	keyset, err := store.ParseKeyset([]byte(text))
	if err != nil {
		return store.Keyset{}, fmt.Errorf("keyset_json or RIVA_KEYSET_JSON: %w: it must be the whole content of a keyset file", err)
	}
	return keyset, nil
}

// checkNewKeyset checks, before there is a database, that its keyset can be used or created. It creates nothing.
func checkNewKeyset(ctx context.Context, dir string, o Options) error {
	switch {
	case o.KeysetJSON != "":
		_, err := parseKeyset(o.KeysetJSON)
		return err
	case o.Keyset == "":
		_, err := defaultKeysetDir()
		return err
	}
	path, err := keysetPath(dir, o.Keyset, false)
	if err != nil {
		return err
	}
	if _, err := checkKeysetPlace(ctx, dir, path, true); err != nil {
		return err
	}
	if _, err := store.ReadKeyset(path); !errors.Is(err, fs.ErrNotExist) {
		return describeError(path, err)
	}
	return nil
}

// checkKeysetPlace returns an error if others could get the keyset, and warnings if that is possible. The default path is in no
// work tree that is shared.
func checkKeysetPlace(ctx context.Context, dir, path string, configured bool) (warnings []string, err error) {
	resolved, err := resolve(path)
	if err != nil {
		return nil, describeError(path, err)
	}
	if err := checkOutside(dir, path, resolved); err != nil {
		return nil, err
	}
	if !configured {
		return []string{writableByOthers("The directory of the keyset", filepath.Dir(resolved))}, nil
	}
	return checkConfiguredPlace(ctx, path, resolved)
}

// checkConfiguredPlace checks the file of a configured keyset, which is resolved without symbolic links. Some of the warnings can
// be empty.
func checkConfiguredPlace(ctx context.Context, path, resolved string) (warnings []string, err error) {
	warning, err := checkGit(ctx, path, resolved)
	if err != nil {
		return nil, err
	}
	return []string{writableByOthers("The directory of the keyset", filepath.Dir(resolved)), warning}, nil
}

func keysetPath(dir, configured string, exists bool) (string, error) {
	if configured != "" {
		path, err := filepath.Abs(configured)
		if err != nil {
			return "", fmt.Errorf("keyset %q: %w", configured, err)
		}
		return path, nil
	}
	id, err := keysetID(dir, exists)
	if err != nil {
		return "", err
	}
	base, err := defaultKeysetDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(base, id+".json"), nil
}

// defaultKeysetDir is the directory of keysets without a configured path.
func defaultKeysetDir() (string, error) {
	base, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the user's configuration directory for the keyset: %w; configure the path of a file as "+
			"keyset or RIVA_KEYSET", err)
	}
	return filepath.Join(base, configDir), nil
}

// keysetID reads the id of the database's keyset. If there is no database, it creates an id.
func keysetID(dir string, exists bool) (string, error) {
	path := filepath.Join(dir, keysetIDFile)
	content, err := store.ReadFile(path, maxKeysetID)
	if errors.Is(err, fs.ErrNotExist) {
		if exists {
			return "", &KeysetNotFoundError{DataDir: dir}
		}
		if err := createFile(dir, keysetIDFile, uuid.NewString()+"\n"); err != nil {
			return "", err
		}
		content, err = store.ReadFile(path, maxKeysetID)
	}
	if other, ok := errors.AsType[*store.NotFileError](err); ok {
		return "", &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"%s %s: move it away, and restore the file from a backup", keysetIDFile, other.Reason)}
	}
	if err != nil {
		return "", &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"%s cannot be read (%v): give this user access, or configure another data_dir", keysetIDFile, withoutPath(err))}
	}
	id, err := uuid.Parse(strings.TrimSpace(string(content)))
	if err != nil { // any other text could be a path to another file
		return "", &DataDirError{Path: dir, Reason: keysetIDFile + " does not contain the id of a keyset: restore the data " +
			"directory from a backup, or configure the path of its keyset as keyset or RIVA_KEYSET"}
	}
	return id.String(), nil
}

func describeError(path string, err error) error {
	if err == nil || errors.Is(err, store.ErrKeysetFile) {
		return err
	}
	if described := store.DescribeFileError(path, err); described != err { //nolint:errorlint // it is the same one
		return fmt.Errorf("keyset: %w", described)
	}
	return fmt.Errorf("keyset %s: %w: give this user access, or configure the path of another file as keyset or RIVA_KEYSET",
		path, err)
}
