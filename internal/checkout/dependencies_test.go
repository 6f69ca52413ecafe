//go:build unix

package checkout_test

import (
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/terraform-provider-riva/terraform-provider-riva"

// The linter checks direct imports. This is about what is linked into the binary.
func TestBinaryHasNoTestDependencies(t *testing.T) {
	t.Parallel()
	command := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", `{{ .ImportPath }}: {{ join .Imports " " }}`, ".")
	command.Env = append(os.Environ(), "GOFLAGS=") // without build tags
	packages, err := command.Output()
	must(t, err)
	forbidden := regexp.MustCompile(`^net/http/httptest$|^` + regexp.QuoteMeta(module) +
		`/internal/(checkout|cmd|sandbox|testsupport)(/|$)`)
	linked := 0
	for line := range strings.Lines(string(packages)) {
		name, imports, _ := strings.Cut(strings.TrimSpace(line), ":")
		linked++
		if forbidden.MatchString(name) {
			t.Errorf("the binary contains %s, which is for tests and contributors only", name)
		}
		// Terraform's plugin library has helpers for tests in its package.
		if name != "github.com/hashicorp/go-plugin" && slices.Contains(strings.Fields(imports), "testing") {
			t.Errorf("%s imports testing, so the binary contains it", name)
		}
	}
	if linked < 300 {
		t.Errorf("go list returned only %d packages", linked)
	}
}

// A package without a rule could import everything, and a rule for a package that has moved checks nothing.
func TestEveryPackageHasImportRule(t *testing.T) {
	t.Parallel()
	packages := map[string]bool{}
	for _, file := range tracked(t) {
		if match := regexp.MustCompile(`^internal/(\w+)/.*\.go$`).FindStringSubmatch(file); match != nil {
			packages[match[1]] = true
		}
	}
	_, section, _ := strings.Cut(readText(t, ".golangci.yml"), "\n    depguard:\n")
	section, _, _ = strings.Cut(section, "\n    errcheck:\n")
	for _, match := range regexp.MustCompile(`/internal/(\w+)`).FindAllStringSubmatch(section, -1) {
		if !packages[match[1]] {
			t.Errorf("depguard in .golangci.yml names internal/%s, which does not exist", match[1])
		}
	}
	for name := range packages {
		free := name == "cmd" || name == "testsupport" // they may import everything
		if !free && !strings.Contains(section, `files: ["**/internal/`+name+"/") {
			t.Errorf(".golangci.yml has no depguard rule for internal/%s: add what it may import", name)
		}
	}
	if len(packages) < 10 {
		t.Errorf("found only the packages %v", packages)
	}
}
