package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// texts reads all files that match one of the patterns.
func texts(t *testing.T, patterns ...string) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range patterns {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// A target system is not there until people can try it, read about it and rely on it.
func TestEverySystemOfTheCatalogIsWhole(t *testing.T) {
	t.Parallel()
	for _, system := range catalog.All() {
		t.Run(system.Name, func(t *testing.T) {
			t.Parallel()
			name := regexp.QuoteMeta(system.Name)
			for what, c := range map[string]struct {
				files []string
				shows string
			}{
				"a stand-in": {
					[]string{"internal/sandbox/" + system.Name + "/*.go"}, `(?m)^func Start\(`,
				},
				"a stand-in that people can start": {
					[]string{"internal/sandbox/riva-sandbox/*.go"}, `internal/sandbox/` + name + `"`,
				},
				"a page about its stand-in": {
					[]string{"internal/sandbox/README.md"}, regexp.QuoteMeta(system.Title),
				},
				"the table of situations": {
					[]string{"internal/target/" + system.Name + "/*_test.go"}, `conformance\.Run\(`,
				},
				"an example": {
					[]string{"examples/resources/riva_connection*/*.tf"}, `(?m)^\s+` + name + `\s+= \{`,
				},
				"reference documentation": {
					[]string{"docs/resources/connection.md"}, "### Nested Schema for `" + name + "`",
				},
				"a row in README.md": {
					[]string{"README.md"}, "(?m)^\\| `" + name + "` — " + regexp.QuoteMeta(system.Title) + `.* \| ` +
						string(system.Kind) + ` \|`,
				},
				"a line in CHANGELOG.md": {
					[]string{"CHANGELOG.md"}, "`" + name + "`",
				},
				"an acceptance test": {
					[]string{"internal/provider/*_test.go"}, `knownvalue\.StringExact\("` + name + `"\)`,
				},
			} {
				if !regexp.MustCompile(c.shows).MatchString(texts(t, c.files...)) {
					t.Errorf("%s lacks %s: nothing in %v shows %s", system.Title, what, c.files, c.shows)
				}
			}
		})
	}
}

// What a system is like is in its declaration alone; the parts that all systems share are made from that.
func TestSharedPartsNameNoSystem(t *testing.T) {
	t.Parallel()
	looked := 0
	for _, part := range []string{"api", "embedded", "engine", "provider", "server", "store"} {
		err := filepath.WalkDir(filepath.Join("internal", part), func(file string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case entry.IsDir() && entry.Name() == "acctest":
				return fs.SkipDir
			case filepath.Ext(file) != ".go", strings.HasSuffix(file, "_test.go"):
				return nil
			}
			looked++
			text := texts(t, file)
			for _, system := range catalog.All() {
				if strings.Contains(text, `"`+system.Name+`"`) {
					t.Errorf("%s names the target system %s", file, system.Name)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if looked < 100 {
		t.Errorf("only %d files were looked at", looked)
	}
}

func TestEveryFaultHasASectionInTheGuide(t *testing.T) {
	t.Parallel()
	guide := texts(t, "templates/guides/when-a-test-fails.md")
	for _, code := range target.Codes() {
		if !strings.Contains(guide, "\n## `"+string(code)+"`\n\n> "+code.Title()+"\n") {
			t.Errorf("the guide has no section about %s with its title, %q", code, code.Title())
		}
	}
}
