//go:build unix

package checkout_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// topLevel has the directories and files that may be at the top level of the repository.
var topLevel = []string{
	// Directories.
	".ci", ".github", "docs", "examples", "internal", "templates", "tools",
	// The program and its module.
	"go.mod", "go.sum", "main.go", "main_test.go",
	// Pages that hosting services and readers expect here.
	"CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "RELEASING.md", "SECURITY.md",
	// Configuration that tools expect here.
	".editorconfig", ".gitattributes", ".gitignore", ".golangci.yml", ".goreleaser.yml", "GNUmakefile",
	"terraform-registry-manifest.json",
}

// placesBelow says where files belong that are not customary at the top level.
const placesBelow = `Put Go code into a package below internal (subcommands into internal/cli, commands for contributors into
internal/cmd, test helpers into internal/testsupport), scripts and pinned tools into tools, guides into templates/guides, what
users copy into examples, CI into .ci or .github, and decisions into internal/decisions. If a tool requires a file at the top
level, add the file to topLevel.`

// tracked lists the files that git tracks. Build results such as bin and dist are not among them.
func tracked(t *testing.T) []string {
	t.Helper()
	files, err := exec.CommandContext(t.Context(), "git", "ls-files", "-z").Output()
	must(t, err)
	return strings.Split(strings.TrimSuffix(string(files), "\x00"), "\x00")
}

func TestTopLevelHasOnlyCustomaryEntries(t *testing.T) {
	t.Parallel()
	files := tracked(t)
	if len(files) < 500 {
		t.Errorf("git tracks only %d files", len(files))
	}
	var entries []string
	for _, file := range files {
		entry, _, _ := strings.Cut(file, "/")
		entries = append(entries, entry)
	}
	slices.Sort(entries)
	for _, entry := range slices.Compact(entries) {
		if !slices.Contains(topLevel, entry) {
			t.Errorf("%s does not belong at the top level of the repository. %s", entry, placesBelow)
		}
	}
}
