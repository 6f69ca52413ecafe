package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

func connectionBlock(t *testing.T) *tfjson.SchemaBlock {
	t.Helper()
	schema, err := read(t.Context(), catalog.All())
	if err != nil {
		t.Fatal(err)
	}
	return schema.ResourceSchemas[resourceName].Block
}

// writePages returns a folder with a page that has all markers, and one with this text.
func writePages(t *testing.T, text string, systems []*target.System) (folder, page string) {
	t.Helper()
	folder = t.TempDir()
	all := "<!-- blocks of riva_connection -->\n\n<!-- attributes of riva_connection -->\n"
	for _, system := range systems {
		if !strings.Contains(text, "attributes of "+system.Name+" ") {
			all += "<!-- attributes of " + system.Name + " -->\n"
		}
	}
	page = filepath.Join(folder, "page.md")
	for file, text := range map[string]string{filepath.Join(folder, "all.md"): all, page: text} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder, page
}

func TestPagesGetAttributes(t *testing.T) {
	t.Parallel()
	systems := catalog.All()
	folder, page := writePages(t, "# Exchange\n\n<!-- attributes of exchange -->\n\nThe end.\n", systems)
	if err := fill(folder, connectionBlock(t), systems); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	rest := string(text)
	for _, part := range []string{
		"# Exchange\n\n### Required\n\n- `username` — Service account", "binds the credentials).",
		"### Secrets\n\n", "- `password_wo` — ", "### Optional\n\n", "- `ews_url` — ", "\n\nThe end.\n",
	} {
		_, after, found := strings.Cut(rest, part)
		if !found {
			t.Errorf("%q is not at its place in the page:\n%s", part, text)
		}
		rest = after
	}
}

func TestPagesWithWrongMarkers(t *testing.T) {
	t.Parallel()
	systems := catalog.All()
	folder, _ := writePages(t, "<!-- attributes of lotus -->", systems)
	err := fill(folder, connectionBlock(t), systems)
	if err == nil || !strings.Contains(err.Error(), "page.md: nothing is known for <!-- attributes of lotus -->") {
		t.Errorf("error of a marker for an unknown system: %v", err)
	}
	err = fill(t.TempDir(), connectionBlock(t), systems)
	if err == nil || !strings.Contains(err.Error(), "has the line <!-- attributes of netsuite -->") {
		t.Errorf("error without pages: %v", err)
	}
}
