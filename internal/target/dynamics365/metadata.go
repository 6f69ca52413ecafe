package dynamics365

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

const (
	// maxListSize limits the list of tables, in bytes: an environment has about a thousand, and some more with installed apps.
	maxListSize = 32 << 20
	// definitionColumns are the properties of a table, without its columns and labels.
	definitionColumns = "LogicalName,SchemaName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,OwnershipType," +
		"IsActivity,IsCustomEntity"
)

// metadata reads the definitions of the tables that the application user sees.
func (s *session) metadata(ctx context.Context) (target.Snapshot, error) {
	snapshot, err := s.definitions(ctx)
	return snapshot, entra.WithoutSecret(err)
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
			return target.Snapshot{}, s.Classifier.UnusableResponse(response, "a list of tables with one that has no name")
		}
		byName[name] = table
	}
	if len(byName) == 0 {
		return target.Snapshot{}, s.Classifier.UnusableResponse(response, "an empty list of tables")
	}
	return target.NewSnapshot(byName)
}
