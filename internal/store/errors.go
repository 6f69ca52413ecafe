package store

import (
	"errors"
	"fmt"
)

// Sentinels for errors.Is. The errors that match them name the file and say what to do.
var (
	// ErrKeyset: the keyset is not the one that the database was created with.
	ErrKeyset = errors.New("the keyset does not belong to the database")
	// ErrKeysetFile: the keyset file cannot be used.
	ErrKeysetFile = errors.New("the keyset file cannot be used")
	// ErrNewer: the database was changed by a newer version of this program, in a way that this version cannot work with.
	ErrNewer = errors.New("the database belongs to a newer version")
	// ErrOlder: the database has an older schema than this program, or none, and must be migrated first.
	ErrOlder = errors.New("the database must be migrated")
	// ErrNotDatabase: the file is not a database of this program.
	ErrNotDatabase = errors.New("the file is not a database of this program")
)

// KeysetError reports that a database was created with another keyset. It is an [ErrKeyset]. Nothing was changed.
type KeysetError struct {
	// Path is the database.
	Path string
}

func (e *KeysetError) Error() string {
	return fmt.Sprintf("the database %s was created with another keyset, so its credentials cannot be opened. Restore the "+
		"keyset that was used before, from a backup or from the machine that created the database, or configure the path of "+
		"the right one. If it is lost, move the database away to start with an empty one, and import or create the "+
		"connections again", e.Path)
}

// Is makes it an ErrKeyset.
func (e *KeysetError) Is(err error) bool { return err == ErrKeyset }

// KeysetFileError reports why a keyset file cannot be used. It is an [ErrKeysetFile]. It never contains the content of the
// file.
type KeysetFileError struct {
	Path string
	// Reason says what is wrong and what to do about it.
	Reason string
}

func (e *KeysetFileError) Error() string { return fmt.Sprintf("keyset file %s %s", e.Path, e.Reason) }

// Is makes it an ErrKeysetFile.
func (e *KeysetFileError) Is(err error) bool { return err == ErrKeysetFile }

// NewerError reports that the database has the schema of a newer version, and that this version cannot use it. It is an
// [ErrNewer]. Nothing was changed.
type NewerError struct {
	// Path is the database.
	Path string
	// Found is the schema version of the database, Known the newest one that this program supports.
	Found, Known int64
	// Program is the version of the program that changed the database last; empty if it is not known.
	Program string
}

func (e *NewerError) Error() string {
	if e.Program != "" {
		return fmt.Sprintf("the database %s has schema version %d and this program supports versions up to %d: install version %s "+
			"of this program, which has migrated it, or a later one", e.Path, e.Found, e.Known, e.Program)
	}
	return fmt.Sprintf("the database %s has schema version %d and this program supports versions up to %d: a newer version "+
		"has used it; upgrade this program to that version or a later one", e.Path, e.Found, e.Known)
}

// Is makes it an ErrNewer.
func (e *NewerError) Is(err error) bool { return err == ErrNewer }

// OlderError reports that the database has to be migrated before it can be used. It is an [ErrOlder]. Nothing was changed.
type OlderError struct {
	// Path is the database.
	Path string
	// Found is the schema version of the database, 0 if it has none; Known the one that this program requires.
	Found, Known int64
}

func (e *OlderError) Error() string {
	if e.Found == 0 {
		return fmt.Sprintf("the database %s has no tables of this program: create them with the subcommand migrate (run "+
			"terraform-provider-riva migrate)", e.Path)
	}
	return fmt.Sprintf("the database %s has schema version %d and this program requires version %d: upgrade it with the "+
		"subcommand migrate (run terraform-provider-riva migrate)", e.Path, e.Found, e.Known)
}

// Is makes it an ErrOlder.
func (e *OlderError) Is(err error) bool { return err == ErrOlder }

// NotDatabaseError reports why a file is not a database of this program. It is an [ErrNotDatabase]. The file was not
// changed.
type NotDatabaseError struct {
	Path string
	// Reason says what the file is instead.
	Reason string
}

func (e *NotDatabaseError) Error() string {
	return fmt.Sprintf("%s %s: move it away or configure another path", e.Path, e.Reason)
}

// Is makes it an ErrNotDatabase.
func (e *NotDatabaseError) Is(err error) bool { return err == ErrNotDatabase }
