package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

// configDir is where keysets lie in the user's configuration directory.
const configDir = "terraform-provider-riva"

// KeysetNotFoundError says that the keyset of an existing database is not where it should be.
type KeysetNotFoundError struct {
	// DataDir is the directory of the database.
	DataDir string
	// Path is where the keyset should be; empty if the database was made with a configured one.
	Path string
}

func (e *KeysetNotFoundError) Error() string {
	where := "is not at " + e.Path
	if e.Path == "" {
		where = "was configured by path when the database was made, and none is configured now"
	}
	return fmt.Sprintf("the keyset of the database in %s %s, so the stored credentials cannot be opened: restore the keyset "+
		"from a backup or from the machine where the data directory was used before; or configure its path as keyset or "+
		"RIVA_KEYSET; or, if it is lost for good, move the data directory away to start with an empty one and import or "+
		"create the connections again", e.DataDir, where)
}

// openKeyset opens the keyset of the database in dir. A new one is made only for a database that is not there yet: no
// other could open what an existing one holds.
func openKeyset(dir, configured string, exists bool) (store.Keyset, error) {
	path, err := keysetPath(dir, configured, exists)
	if err != nil {
		return store.Keyset{}, err
	}
	if !exists {
		keyset, _, err := store.OpenKeyset(path)
		return keyset, describeError(path, err)
	}
	keyset, err := store.ReadKeyset(path)
	if errors.Is(err, fs.ErrNotExist) {
		return store.Keyset{}, &KeysetNotFoundError{DataDir: dir, Path: path}
	}
	return keyset, describeError(path, err)
}

func keysetPath(dir, configured string, exists bool) (string, error) {
	if configured != "" {
		path, err := filepath.Abs(configured)
		if err != nil {
			return "", fmt.Errorf("keyset %q: %w", configured, err)
		}
		if inside, err := filepath.Rel(dir, path); err == nil && filepath.IsLocal(inside) {
			return "", fmt.Errorf("keyset %s: it must not be in the data directory, where whoever copies the database would "+
				"have it as well: configure another path", path)
		}
		return path, nil
	}
	id, err := keysetID(dir, exists)
	if err != nil {
		return "", err
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("find the user's configuration directory for the keyset: %w; configure the path of a file as "+
			"keyset or RIVA_KEYSET", err)
	}
	return filepath.Join(base, configDir, id+".json"), nil
}

// keysetID reads which keyset belongs to the database, and settles it for a database that is not there yet.
func keysetID(dir string, exists bool) (string, error) {
	path := filepath.Join(dir, keysetIDFile)
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		if exists {
			return "", &KeysetNotFoundError{DataDir: dir}
		}
		if err := createFile(dir, keysetIDFile, uuid.NewString()+"\n"); err != nil {
			return "", err
		}
		content, err = os.ReadFile(path)
	}
	if err != nil {
		return "", &DataDirError{Path: dir, Err: err, Reason: fmt.Sprintf(
			"%s cannot be read (%v): give this user access, or configure another data_dir", keysetIDFile, withoutPath(err))}
	}
	id, err := uuid.Parse(strings.TrimSpace(string(content)))
	if err != nil { // anything else could name a file anywhere
		return "", &DataDirError{Path: dir, Reason: keysetIDFile + " does not hold the id of a keyset: restore the data " +
			"directory from a backup, or configure the path of its keyset as keyset or RIVA_KEYSET"}
	}
	return id.String(), nil
}

func describeError(path string, err error) error {
	if err == nil || errors.Is(err, store.ErrKeysetFile) {
		return err
	}
	return fmt.Errorf("keyset %s: %w: give this user access, or configure the path of another file as keyset or RIVA_KEYSET",
		path, err)
}
