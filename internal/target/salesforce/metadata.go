package salesforce

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// maxListSize limits the list of objects, in bytes: an entry has more than a kilobyte, and an organization with many packages
// can have some thousands of objects.
const maxListSize = 32 << 20

// metadata reads the definitions of the objects that the service user sees.
func (s *session) metadata(ctx context.Context) (target.Snapshot, error) {
	snapshot, err := s.readObjects(ctx)
	return snapshot, s.withField(err)
}

func (s *session) readObjects(ctx context.Context) (target.Snapshot, error) {
	base, err := s.base(ctx)
	if err != nil {
		return target.Snapshot{}, err
	}
	var described struct {
		Objects []map[string]any `json:"sobjects"`
	}
	ctx = call.WithResponseLimit(ctx, maxListSize)
	if _, err := s.get(ctx, base+"/sobjects", &described); err != nil {
		return target.Snapshot{}, err
	}
	byName := make(map[string]map[string]any, len(described.Objects))
	for _, object := range described.Objects {
		name, _ := object["name"].(string)
		if name == "" {
			return target.Snapshot{}, s.Classifier.UnexpectedResponse("The list of objects contains one without a name.")
		}
		delete(object, "urls") // they contain the version of the API, which is not part of the definition
		byName[name] = object
	}
	if len(byName) == 0 {
		return target.Snapshot{}, s.Classifier.UnexpectedResponse("The list of objects is empty.")
	}
	return target.NewSnapshot(byName)
}
