package netsuite

import (
	"context"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// metadata reads the record types that the role sees. The catalog has only their names, so only names are compared: an added or
// removed custom record type is a change, a custom field is not.
func (s *session) metadata(ctx context.Context) (target.Snapshot, error) {
	snapshot, err := s.readCatalog(ctx)
	return snapshot, s.withField(err)
}

func (s *session) readCatalog(ctx context.Context) (target.Snapshot, error) {
	var catalog struct {
		Items []struct {
			Name string `json:"name"`
		} `json:"items"`
	}
	if err := s.get(ctx, s.rest+"/services/rest/record/v1/metadata-catalog", &catalog); err != nil {
		return target.Snapshot{}, err
	}
	var names []string
	for _, record := range catalog.Items {
		if record.Name == "" {
			return target.Snapshot{}, s.Classifier.UnexpectedResponse("The list of record types contains one without a name.")
		}
		names = append(names, record.Name)
	}
	if len(names) == 0 {
		return target.Snapshot{}, s.Classifier.UnexpectedResponse("The list of record types is empty.")
	}
	slices.Sort(names)
	names = slices.Compact(names)
	return target.SnapshotOf(names, []byte(strings.Join(names, "\n"))), nil
}
