package store

import (
	"errors"
	"fmt"
)

// Sentinels for errors.Is. The errors that carry them say which file is meant and what to do.
var (
	// ErrKeyset: the keyset is not the one that the database was made with.
	ErrKeyset = errors.New("the keyset does not belong to the database")
	// ErrKeysetFile: the keyset's file cannot be used as it is.
	ErrKeysetFile = errors.New("the keyset file cannot be used")
	// ErrNewer: the database was changed by a newer version of this program.
	ErrNewer = errors.New("the database belongs to a newer version")
	// ErrNotDatabase: the file is not a database of this program.
	ErrNotDatabase = errors.New("the file is not a database of this program")
)

// KeysetError says that a database was made with another keyset; it is an [ErrKeyset]. Nothing was changed.
type KeysetError struct {
	// Path is the database.
	Path string
}

func (e *KeysetError) Error() string {
	return fmt.Sprintf("the database %s was made with another keyset, so its credentials cannot be opened: restore the "+
		"keyset that was used before (from a backup, or from the machine that made the database) over the one "+
		"configured now; or configure the path of the right one; or, if it is lost for good, move the database away to "+
		"start with an empty one and import or create the connections again", e.Path)
}

// Is makes it an ErrKeyset.
func (e *KeysetError) Is(err error) bool { return err == ErrKeyset }

// KeysetFileError says why a keyset's file cannot be used; it is an [ErrKeysetFile]. It never holds the file's content.
type KeysetFileError struct {
	Path string
	// Reason is what is wrong and what to do about it.
	Reason string
}

func (e *KeysetFileError) Error() string { return fmt.Sprintf("keyset file %s %s", e.Path, e.Reason) }

// Is makes it an ErrKeysetFile.
func (e *KeysetFileError) Is(err error) bool { return err == ErrKeysetFile }

// NewerError says that a newer version has changed the database; it is an [ErrNewer]. Nothing was changed.
type NewerError struct {
	// Path is the database.
	Path string
	// Found is the schema version of the database, Known the newest one that this program knows.
	Found, Known int64
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("the database %s has schema version %d and this program knows only up to %d: a newer version has "+
		"used it; upgrade this program to that version or a later one", e.Path, e.Found, e.Known)
}

// Is makes it an ErrNewer.
func (e *NewerError) Is(err error) bool { return err == ErrNewer }

// NotDatabaseError says why a file is not a database of this program; it is an [ErrNotDatabase]. The file was not
// changed.
type NotDatabaseError struct {
	Path string
	// Reason is what was found instead.
	Reason string
}

func (e *NotDatabaseError) Error() string {
	return fmt.Sprintf("%s %s: move it away or configure another path", e.Path, e.Reason)
}

// Is makes it an ErrNotDatabase.
func (e *NotDatabaseError) Is(err error) bool { return err == ErrNotDatabase }
