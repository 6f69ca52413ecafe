package model

import (
	"fmt"
	"time"
)

// LockedError means that another process has kept the database locked for longer than anyone should wait. Nothing was changed.
type LockedError struct {
	// Path is the locked file.
	Path string
	// Holder is the process with the lock, such as "process 4711 (sqlite3)"; empty if it is not known.
	Holder string
	// Waited is how long the lock was waited for.
	Waited time.Duration
}

func (e *LockedError) Error() string {
	holder := e.Holder
	if holder == "" {
		holder = "another process"
	}
	return fmt.Sprintf("%s is locked by %s, and %s of waiting did not change that: wait until that process has ended, or end it "+
		"(it may be a stopped command, a backup or a database tool), and run the command again",
		e.Path, holder, e.Waited.Round(time.Second))
}

// StorageKind is why a file cannot be read or written.
type StorageKind int

// The kinds of storage errors.
const (
	// StorageFailed is every error of the disk or the file system without a kind of its own.
	StorageFailed StorageKind = iota
	StorageFull
	StorageQuota
	// StorageSizeLimit: the file may not become larger.
	StorageSizeLimit
	StorageReadOnly
	// StorageDenied: the user of this process has no permission.
	StorageDenied
	// StorageDamaged: the content is not what was written.
	StorageDamaged
)

// StorageError means that a file of the control plane cannot be used because of the disk, the file system or the limits of this
// process. A transaction that fails with it has stored nothing.
type StorageError struct {
	Kind StorageKind
	Path string
	// Err is the error of the operating system or of the database. It contains no data of the database.
	Err error
}

// storageTexts say what is wrong with a path, and what to do about it.
var storageTexts = map[StorageKind]string{
	StorageFull: "%s cannot be written: the disk is full; free some space on it and run the command again",
	StorageQuota: "%s cannot be written: the disk quota of this user is used up; free some space or raise the quota, and run the " +
		"command again",
	StorageSizeLimit: "%s cannot be written: the file has reached the limit of the size of files; raise the limit of this process " +
		"(ulimit -f) or of the file system, and run the command again",
	StorageReadOnly: "%s cannot be written: it is in a read-only place; make its file system writable, or configure a path on " +
		"another one",
	StorageDenied: "%s cannot be written: this user has no permission; give this user access to the file and to its directory, or " +
		"configure another path",
	StorageDamaged: "%s is damaged: restore it from a backup, after moving it away together with the files beside it whose names " +
		"begin with its name",
}

func (e *StorageError) Error() string {
	if text, ok := storageTexts[e.Kind]; ok {
		return fmt.Sprintf(text, e.Path)
	}
	return fmt.Sprintf("%s cannot be used: %v; check the disk and its file system", e.Path, e.Err)
}

// Unwrap returns the error of the operating system or of the database.
func (e *StorageError) Unwrap() error { return e.Err }
