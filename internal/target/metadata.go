package target

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
)

// Snapshot is what is stored of a CRM's object definitions: enough to detect a change.
type Snapshot struct {
	// Objects are the names of the objects, sorted.
	Objects []string
	// Digest is the SHA-256 of the definitions, in hexadecimal.
	Digest string
}

// MetadataReader declares how the object definitions of a CRM are read. [NewMetadataReader] makes one.
type MetadataReader struct {
	// Objects is what the system calls its objects, in the plural, such as "tables".
	Objects string
	// Read reads the definitions with a session of the system. Its errors are like those of [Session].Run.
	Read func(context.Context, Session) (Snapshot, error)
}

// NewMetadataReader declares that sessions of type S read the object definitions.
func NewMetadataReader[S Session](objects string, read func(S, context.Context) (Snapshot, error)) *MetadataReader {
	return &MetadataReader{Objects: objects, Read: func(ctx context.Context, session Session) (Snapshot, error) {
		s, ok := session.(S)
		if !ok {
			return Snapshot{}, fmt.Errorf("a session of type %T does not read %s", session, objects)
		}
		return read(s, ctx)
	}}
}

// NewSnapshot makes a snapshot of definitions, by object name. It fails if a definition cannot be written as JSON.
func NewSnapshot[D any](definitions map[string]D) (Snapshot, error) {
	canonical, err := json.Marshal(definitions) // ordered by name at every level
	if err != nil {
		return Snapshot{}, fmt.Errorf("digest definitions: %w", err)
	}
	return SnapshotOf(slices.Collect(maps.Keys(definitions)), canonical), nil
}

// SnapshotOf makes a snapshot of object names, without duplicates, and of their definitions as the system returned them.
func SnapshotOf(objects []string, definitions []byte) Snapshot {
	digest := sha256.Sum256(definitions)
	return Snapshot{
		Objects: slices.Compact(slices.Sorted(slices.Values(objects))), Digest: hex.EncodeToString(digest[:]),
	}
}
