package main

import (
	"bytes"
	"encoding/json"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// The schema cannot require the settings in a block, but the documentation must.
func TestRequiredSettingsAreDocumentedAsRequired(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out, ""); err != nil {
		t.Fatal(err)
	}
	var document tfjson.ProviderSchemas
	if err := json.Unmarshal(out.Bytes(), &document); err != nil {
		t.Fatal(err)
	}
	blocks := document.Schemas["riva"].ResourceSchemas["riva_connection"].Block.NestedBlocks
	for _, system := range catalog.All() {
		for _, f := range system.Settings() {
			setting := blocks[system.Name].Block.Attributes[f.Name]
			if setting.Required != f.Required || setting.Optional == f.Required {
				t.Errorf("%s.%s is documented as required: %v, optional: %v", system.Name, f.Name, setting.Required, setting.Optional)
			}
		}
	}
}
