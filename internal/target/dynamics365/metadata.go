package dynamics365

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

const (
	// maxListSize bounds the list of tables, in bytes: an environment has about a thousand, with apps installed some more.
	maxListSize = 32 << 20
	// definitionColumns are what a table is, without its columns and labels.
	definitionColumns = "LogicalName,SchemaName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,OwnershipType," +
		"IsActivity,IsCustomEntity"
)

// Metadata reads the definitions of the tables that the application user sees.
func (s *session) Metadata(ctx context.Context) (target.Snapshot, error) {
	snapshot, err := s.definitions(ctx)
	return snapshot, s.withField(err)
}

func (s *session) definitions(ctx context.Context) (target.Snapshot, error) {
	var found struct {
		Tables []map[string]any `json:"value"`
	}
	response, err := s.get(call.WithResponseLimit(ctx, maxListSize), "EntityDefinitions?$select="+definitionColumns, &found)
	if err != nil {
		return target.Snapshot{}, err
	}
	byName := make(map[string]map[string]any, len(found.Tables))
	for _, table := range found.Tables {
		name, _ := table["LogicalName"].(string)
		if name == "" {
			return target.Snapshot{}, s.classifier.UnusableResponse(response, "a list of tables of which one has no name")
		}
		byName[name] = table
	}
	if len(byName) == 0 {
		return target.Snapshot{}, s.classifier.UnusableResponse(response, "an empty list of tables")
	}
	return target.NewSnapshot(byName)
}
