package sugarcrm

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// maxListSize limits the list of modules, in bytes. Hashes are small, but an instance that cannot return only hashes returns
// everything.
const maxListSize = 32 << 20

// metadata reads the modules and Sugar's own hashes of their definitions.
func (s *session) metadata(ctx context.Context) (target.Snapshot, error) {
	var described struct {
		Modules map[string]any `json:"modules"`
	}
	ctx = call.WithResponseLimit(ctx, maxListSize)
	if err := s.get(ctx, "/metadata?type_filter=modules&only_hash=true", &described); err != nil {
		return target.Snapshot{}, err
	}
	if len(described.Modules) == 0 {
		return target.Snapshot{}, s.Classifier.UnexpectedResponse("The list of modules is empty.")
	}
	return target.NewSnapshot(described.Modules)
}
