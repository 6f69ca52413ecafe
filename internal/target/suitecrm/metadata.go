package suitecrm

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// metadata reads the modules and the rights on each. SuiteCRM returns the fields of one module at a time only, so fields are not
// read.
func (s *session) metadata(ctx context.Context) (target.Snapshot, error) {
	var described struct {
		Data struct {
			Modules map[string]any `json:"attributes"`
		} `json:"data"`
	}
	if err := s.get(ctx, "/V8/meta/modules", &described); err != nil {
		return target.Snapshot{}, err
	}
	if len(described.Data.Modules) == 0 {
		return target.Snapshot{}, s.Classifier.UnexpectedResponse("The list of modules is empty.")
	}
	return target.NewSnapshot(described.Data.Modules)
}
