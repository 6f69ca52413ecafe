package provider_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

var update = flag.Bool("update", false, "write testdata/schema.txt from the provider")

// The reviewed schema, and the schema of the last release: a line for each attribute. Before the first release, the latter is
// the schema that CHANGELOG.md described as a whole when it was written.
var (
	schemaFile    = filepath.Join("testdata", "schema.txt")
	releasedFile  = filepath.Join("testdata", "schema-released.txt")
	changelogFile = filepath.Join("..", "..", "CHANGELOG.md")
)

func TestSchemaChangesAreReviewedAndInTheChangelog(t *testing.T) {
	t.Parallel()
	reviewSchema(t)
	if !t.Failed() {
		lookInChangelog(t)
	}
}

// reviewSchema compares the schema with the reviewed one.
func reviewSchema(t *testing.T) {
	t.Helper()
	lines := schemaLines(t)
	if *update {
		writeLines(t, schemaFile, lines)
	}
	reviewed := readLines(t, schemaFile)
	for _, line := range without(lines, reviewed) {
		t.Errorf("new: %s", line)
	}
	for _, line := range without(reviewed, lines) {
		t.Errorf("gone: %s", line)
	}
	if t.Failed() {
		t.Log("If the change is intended: go test ./internal/provider -run TestSchema -update, and say it in CHANGELOG.md.")
	}
}

// lookInChangelog checks that the changelog names the differences to the last release.
func lookInChangelog(t *testing.T) {
	t.Helper()
	for _, complaint := range unnamed(readLines(t, schemaFile), readLines(t, releasedFile), unreleased(t, changelogFile)) {
		t.Error(complaint)
	}
}

// unnamed returns an error for each new or removed line whose attribute the changelog does not name, and neither a new or removed
// parent of it.
func unnamed(now, before []string, changelog string) []string {
	var complaints []string
	for _, change := range []struct{ lines, others []string }{{without(now, before), before}, {without(before, now), now}} {
		for _, line := range change.lines {
			if names := parents(line, change.others); !slices.ContainsFunc(names, func(name string) bool {
				return strings.Contains(changelog, "`"+name+"`")
			}) {
				complaints = append(complaints,
					fmt.Sprintf("the section Unreleased of CHANGELOG.md names none of %q, for %q", names, line))
			}
		}
	}
	return complaints
}

func TestUnnamedSchemaChangesAreFound(t *testing.T) {
	t.Parallel()
	before := []string{"resource riva_a: version 0", "resource riva_a.kept.inner: string", "resource riva_a.kept: single"}
	attribute, list := []string{"resource riva_a.new: string"}, []string{"resource riva_a.kept: list"}
	for name, c := range map[string]struct {
		added     []string
		gone      int // of those before, how many from the end
		changelog string
		complains int
	}{
		"nothing":                    {},
		"an attribute":               {added: attribute, changelog: "`riva_a` and more", complains: 1},
		"an attribute that is named": {added: attribute, changelog: "`new` of `riva_a`"},
		"a nested attribute":         {added: []string{"resource riva_a.kept.new: string"}, changelog: "`kept`", complains: 1},
		"a whole": {
			added: []string{"resource riva_b: version 0", "resource riva_b.new: string"}, changelog: "`riva_b`",
		},
		"another type":               {added: list, gone: 1, changelog: "`riva_a`", complains: 2},
		"another type that is named": {added: list, gone: 1, changelog: "`kept`"},
		"a nested attribute is gone": {gone: 2, changelog: "`inner`", complains: 1},
		"a whole is gone":            {gone: 2, changelog: "`kept`"},
	} {
		now := append(slices.Clone(before[:len(before)-c.gone]), c.added...)
		if got := unnamed(now, before, c.changelog); len(got) != c.complains {
			t.Errorf("%s: the changelog %q gives %q, want %d complaints", name, c.changelog, got, c.complains)
		}
	}
	// An existing resource in the changelog does not cover its new attributes.
	const unheardOf = "resource riva_connection.unheard_of: string optional"
	if got := unnamed([]string{unheardOf}, readLines(t, releasedFile), unreleased(t, changelogFile)); !slices.ContainsFunc(got,
		func(complaint string) bool { return strings.Contains(complaint, unheardOf) }) {
		t.Errorf("a new attribute of riva_connection without an entry is accepted")
	}
}

// parents are the attribute of a line, and everything around it that is not there on the other side at all.
func parents(line string, others []string) []string {
	path, _, _ := strings.Cut(line, ": ")
	kind, path, _ := strings.Cut(path, " ")
	steps := strings.Split(path, ".")
	names := []string{steps[len(steps)-1]}
	for i := range steps[:len(steps)-1] {
		around := kind + " " + strings.Join(steps[:i+1], ".")
		if !slices.ContainsFunc(others, func(other string) bool {
			return strings.HasPrefix(other, around+".") || strings.HasPrefix(other, around+":")
		}) {
			names = append(names, steps[i])
		}
	}
	return names
}

// schemaLines has a line for each attribute of everything that the provider offers, without descriptions.
func schemaLines(t *testing.T) []string {
	t.Helper()
	server := provider.New(acctest.Version, catalog.All(), nil)()
	offered, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	lines := blockLines("provider riva", offered.Provider.Block)
	for kind, schemas := range map[string]map[string]*tfprotov6.Schema{
		"resource": offered.ResourceSchemas, "data": offered.DataSourceSchemas, "list": offered.ListResourceSchemas,
	} {
		for name, schema := range schemas {
			lines = append(lines, fmt.Sprintf("%s %s: version %d", kind, name, schema.Version))
			lines = append(lines, blockLines(kind+" "+name, schema.Block)...)
		}
	}
	for name, schema := range offered.ActionSchemas {
		lines = append(lines, blockLines("action "+name, schema.Schema.Block)...)
	}
	for name, schema := range identities.IdentitySchemas {
		lines = append(lines, fmt.Sprintf("identity %s: version %d", name, schema.Version))
		for _, a := range schema.IdentityAttributes {
			lines = append(lines, fmt.Sprintf("identity %s.%s: %s", name, a.Name, plainType(a.Type)))
		}
	}
	slices.Sort(lines)
	return lines
}

func blockLines(at string, block *tfprotov6.SchemaBlock) []string {
	lines := attributeLines(at, block.Attributes)
	for _, nested := range block.BlockTypes {
		path := at + "." + nested.TypeName
		lines = append(lines, path+": block "+strings.ToLower(nested.Nesting.String()))
		lines = append(lines, blockLines(path, nested.Block)...)
	}
	return lines
}

func attributeLines(at string, attributes []*tfprotov6.SchemaAttribute) []string {
	var lines []string
	for _, a := range attributes {
		path := at + "." + a.Name
		words := []string{plainType(a.Type)}
		if a.NestedType != nil {
			words = []string{strings.ToLower(a.NestedType.Nesting.String())}
			lines = append(lines, attributeLines(path, a.NestedType.Attributes)...)
		}
		flags := map[string]bool{
			"required": a.Required, "optional": a.Optional, "computed": a.Computed, "sensitive": a.Sensitive,
			"write-only": a.WriteOnly, "deprecated": a.Deprecated,
		}
		for _, word := range slices.Sorted(maps.Keys(flags)) {
			if flags[word] {
				words = append(words, word)
			}
		}
		lines = append(lines, path+": "+strings.Join(words, " "))
	}
	return lines
}

// plainType is the name of a type. The type of a nested attribute is nil.
func plainType(typ tftypes.Type) string {
	if typ == nil {
		return ""
	}
	return strings.ToLower(strings.ReplaceAll(typ.String(), "tftypes.", ""))
}

// without returns the lines that are not among the others.
func without(lines, others []string) []string {
	return slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) })
}

func readLines(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

func writeLines(t *testing.T, file string, lines []string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// unreleased is the section Unreleased of a changelog.
func unreleased(t *testing.T, changelog string) string {
	t.Helper()
	text, err := os.ReadFile(changelog)
	if err != nil {
		t.Fatal(err)
	}
	_, section, found := strings.Cut(string(text), "\n## [Unreleased]\n")
	if !found {
		t.Fatalf("%s has no section Unreleased", changelog)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	return section
}
