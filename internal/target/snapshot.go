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

// Snapshot is what is kept of a CRM's object definitions: enough to tell whether anything changed.
type Snapshot struct {
	// Objects are the names of the objects, sorted.
	Objects []string
	// Digest is the SHA-256 of the definitions, in hexadecimal.
	Digest string
}

// MetadataReader is a session of a system that offers the test Metadata.
type MetadataReader interface {
	Session
	// Metadata reads the object definitions. Its errors are as those of Run.
	Metadata(ctx context.Context) (Snapshot, error)
}

// NewSnapshot keeps definitions, which are under the names of their objects. It fails if JSON cannot hold one.
func NewSnapshot[D any](definitions map[string]D) (Snapshot, error) {
	canonical, err := json.Marshal(definitions) // ordered by name at every level
	if err != nil {
		return Snapshot{}, fmt.Errorf("digest definitions: %w", err)
	}
	return SnapshotOf(slices.Collect(maps.Keys(definitions)), canonical), nil
}

// SnapshotOf keeps the names of objects, each once, and their definitions as the system has them.
func SnapshotOf(objects []string, definitions []byte) Snapshot {
	digest := sha256.Sum256(definitions)
	return Snapshot{
		Objects: slices.Compact(slices.Sorted(slices.Values(objects))), Digest: hex.EncodeToString(digest[:]),
	}
}
