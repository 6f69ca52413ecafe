package suitecrm

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Metadata reads which modules there are and what may be done with each. What their fields are, SuiteCRM tells of one module
// at a time only; that is not asked for.
func (s *session) Metadata(ctx context.Context) (target.Snapshot, error) {
	var described struct {
		Data struct {
			Modules map[string]any `json:"attributes"`
		} `json:"data"`
	}
	if err := s.get(ctx, "/V8/meta/modules", &described); err != nil {
		return target.Snapshot{}, err
	}
	if len(described.Data.Modules) == 0 {
		return target.Snapshot{}, s.unexpected("The list of modules is empty.")
	}
	canonical, err := json.Marshal(described.Data.Modules) // ordered by name at every level
	if err != nil {
		return target.Snapshot{}, fmt.Errorf("digest module definitions: %w", err)
	}
	digest := sha256.Sum256(canonical)
	return target.Snapshot{
		Objects: slices.Sorted(maps.Keys(described.Data.Modules)), Digest: hex.EncodeToString(digest[:]),
	}, nil
}
