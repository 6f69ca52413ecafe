package checkout_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// readAll returns the contents of all files that match the pattern.
func readAll(t *testing.T, pattern string) string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// A target system is complete when users can try it and read about it, and when tests cover it.
func TestEverySystemIsComplete(t *testing.T) {
	t.Parallel()
	for _, system := range catalog.All() {
		t.Run(system.Name, func(t *testing.T) {
			t.Parallel()
			name := regexp.QuoteMeta(system.Name)
			folder := strings.ReplaceAll(system.Name, "_", "") // as Go names packages
			heading := "`" + name + "` — " + regexp.QuoteMeta(system.Title)
			guide := "guides/target-system-" + system.Name + ".md"
			example := "examples/target-systems/" + system.Name + "/main.tf"
			if _, ok := standins.Lookup(system.Name); !ok {
				t.Error("internal/sandbox/standins lacks its stand-in")
			}
			for what, c := range map[string]struct{ file, pattern string }{
				"a page about its stand-in":   {"internal/sandbox/README.md", `(?m)^## ` + heading},
				"the table of situations":     {"internal/target/" + folder + "/*_test.go", `conformance\.Run\(`},
				"an example":                  {example, `(?m)^resource "riva_connection" "` + name + `" \{`},
				"the example in its guide":    {"templates/" + guide + ".tmpl", `\{\{ tffile "` + example + `" \}\}`},
				"a guide":                     {"docs/" + guide, `(?m)^subcategory: "Target systems"$`},
				"its attributes in its guide": {"docs/" + guide, "(?s)\n## Attributes\n.*\n### Required\n.*\n### Secrets\n.*`\\w+_wo`"},
				"a link to its attributes":    {"docs/resources/connection.md", `\(\.\./guides/target-system-` + name + `#attributes\)`},
				"a row on the first page with a link to its guide": {
					"docs/index.md", `(?m)^\| \[` + "`" + name + "`" + `\]\(guides/target-system-` + name + `\): ` +
						regexp.QuoteMeta(system.Title) + `\b`,
				},
				"a line in CHANGELOG.md":                        {"CHANGELOG.md", "(?m)^- Target system `" + name + "`"},
				"an entry in the lifecycle test of all systems": {"internal/provider/systems_test.go", `(?m)^\t\t"` + name + `":`},
			} {
				if !regexp.MustCompile(c.pattern).MatchString(readAll(t, c.file)) {
					t.Errorf("%s lacks %s: nothing in %s matches %s", system.Title, what, c.file, c.pattern)
				}
			}
		})
	}
}

// Examples, guides and stand-ins are for systems in the catalog only.
func TestNoUnknownSystemIsNamed(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, system := range catalog.All() {
		known[system.Name] = true
	}
	for _, s := range standins.All() {
		if !known[s.Name] {
			t.Errorf("there is a stand-in for %s, which is not in the catalog", s.Name)
		}
	}
	for pattern, name := range map[string]string{
		"examples/target-systems/*":        `target-systems/(.*)$`,
		"templates/guides/target-system-*": `target-system-(.*)\.md\.tmpl$`,
		"docs/guides/target-system-*":      `target-system-(.*)\.md$`,
	} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Errorf("%s matches no file (%v)", pattern, err)
		}
		for _, file := range files {
			if found := regexp.MustCompile(name).FindStringSubmatch(filepath.ToSlash(file)); len(found) != 2 || !known[found[1]] {
				t.Errorf("%s is for a system that is not in the catalog", file)
			}
		}
	}
}

// Everything that differs between systems is in their declarations. The packages that all systems share derive from them.
func TestSharedPartsNameNoSystem(t *testing.T) {
	t.Parallel()
	files := 0
	for _, part := range []string{"api", "cli", "console", "embedded", "engine", "model", "plane", "provider", "server", "store"} {
		err := filepath.WalkDir(filepath.Join("internal", part), func(file string, entry fs.DirEntry, err error) error {
			switch {
			case err != nil, entry.IsDir():
				return err
			case filepath.Ext(file) != ".go", strings.HasSuffix(file, "_test.go"):
				return nil
			case strings.HasPrefix(entry.Name(), "migrate_"): // a migration is about the rows of an old version, and never changes
				return nil
			}
			files++
			text := readAll(t, file)
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
	if files < 100 {
		t.Errorf("only %d files were checked", files)
	}
}

func TestEveryFaultIsInGuide(t *testing.T) {
	t.Parallel()
	guide := readAll(t, "templates/guides/when-a-test-fails.md")
	for _, code := range target.Codes() {
		if !strings.Contains(guide, "\n## `"+string(code)+"`\n\n> "+code.Title()+"\n") {
			t.Errorf("the guide has no section for %s with its title, %q", code, code.Title())
		}
	}
}
