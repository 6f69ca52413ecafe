package suitecrm

import (
	"context"

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
		return target.Snapshot{}, s.classifier.UnexpectedResponse("The list of modules is empty.")
	}
	return target.NewSnapshot(described.Data.Modules)
}
