//go:build unix

package checkout_test

import (
	"io/fs"
	"math"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// notSupported is the minimum version if no version of Terraform, or OpenTofu, supports a feature.
const notSupported = math.MaxInt

// minimumVersions returns the minor versions of Terraform and OpenTofu that are required to plan a configuration.
func minimumVersions(text string) (terraform, tofu int) {
	switch {
	case regexp.MustCompile(`(?m)^(list|action) "|action_trigger`).MatchString(text):
		return 14, notSupported
	case strings.Contains(text, "identity = {"):
		return 12, notSupported
	case strings.Contains(text, "encryption {"):
		return notSupported, 11
	}
	return 11, 11
}

// plans reports whether the terraform or tofu under test can plan a configuration.
func (c *checkout) plans(t *testing.T, text string) bool {
	t.Helper()
	minor, err := strconv.Atoi(c.version[2])
	must(t, err)
	terraform, tofu := minimumVersions(text)
	if c.version[1] == "OpenTofu" {
		return minor >= tofu
	}
	return minor >= terraform
}

// Everything that users can copy is formatted, and is applied to stand-ins and to a control plane that has the objects it refers
// to. Some of it is applied by other tests, which the comments in configurations name.
func TestExamplesAndPagesAreApplied(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	var applied atomic.Int64
	t.Run("each", func(t *testing.T) {
		for name, files := range configurations(t) {
			s.configure(t, filepath.Join("written", name), files)
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				if s.apply(t, name, files) {
					applied.Add(1)
				}
			})
		}
		s.importByCommand(t)
		s.runImportGuide(t)
		s.importMany(t)
	})
	if applied.Load() < 20 {
		t.Errorf("only %d examples and blocks were applied", applied.Load())
	}
	s.run(t, "", "for dir in configurations/written examples; do terraform fmt -check -diff -recursive $dir; done", "")
}

// cloudBlock matches the part of a configuration that TestHCPTerraformExamplePlans tests.
var cloudBlock = regexp.MustCompile(`(?s)\n {2}cloud {.*?\n {2}}\n`)

// manualActions matches actions. Those without a trigger run only with -invoke.
var manualActions = regexp.MustCompile(`(?m)^action "(\w+)" "(\w+)"`)

// apply applies a configuration, or runs its query, if the Terraform under test supports it. The checks and actions must
// succeed.
func (s *showcase) apply(t *testing.T, name string, files map[string]string) bool {
	t.Helper()
	all, shown := "", map[string]string{}
	for _, text := range files {
		all += text
	}
	if !s.plans(t, all) {
		return false
	}
	ids := s.seed(t, name, all)
	command := "terraform apply -auto-approve -input=false -no-color"
	lines := command
	for _, action := range manualActions.FindAllStringSubmatch(all, -1) {
		address := "action." + action[1] + "." + action[2]
		if strings.Contains(all, "= ["+address+"]") { // apply invokes it
			continue
		}
		lines += "\n" + command + " -invoke=" + address
	}
	for file, text := range files {
		shown[file] = s.toStandIns.Replace(ids.Replace(cloudBlock.ReplaceAllString(text, "")))
		if strings.HasSuffix(file, ".tfquery.hcl") {
			lines = "terraform query -no-color"
		}
	}
	folder := s.configure(t, filepath.Join("applied", name), shown)
	values := s.values(name)
	if strings.Contains(all, "database_url") {
		values += s.database(t, name)
	}
	if out := s.run(t, folder, values+lines, ""); strings.Contains(out, "Check block assertion failed") {
		t.Errorf("a check fails:\n%s", out)
	}
	return true
}

// importByCommand runs the commands of import.sh, each in a new folder.
func (s *showcase) importByCommand(t *testing.T) {
	t.Helper()
	scripts, err := filepath.Glob("examples/resources/*/import.sh")
	must(t, err)
	if len(scripts) != 3 {
		t.Fatalf("%d resources have import commands, want all three", len(scripts))
	}
	for _, script := range scripts {
		dir := filepath.Dir(script)
		text := readText(t, filepath.Join(dir, "resource.tf"))
		commands := regexp.MustCompile(`(?m)^terraform import (\S+) .*$`).FindAllStringSubmatch(readText(t, script), -1)
		if len(commands) != 2 {
			t.Errorf("%s has %d commands, want one by id and one by name", script, len(commands))
		}
		for i, command := range commands {
			line, address := command[0], command[1]
			name := filepath.Join(filepath.Base(dir), strconv.Itoa(i))
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				ids := s.seed(t, name, "to = "+address+text)
				folder := s.configure(t, filepath.Join("imported", name), map[string]string{"resource.tf": s.toStandIns.Replace(text)})
				out := s.run(t, folder, s.values(name)+ids.Replace(line)+"\nterraform state list", "")
				if !strings.Contains(out, "\n"+address+"\n") {
					t.Errorf("%s is not in the state:\n%s", address, out)
				}
			})
		}
	}
}

// In everything that users copy, secrets are not written to saved plans, and tests run after a change was applied.
func TestExamplesAndPagesAreSafe(t *testing.T) {
	t.Parallel()
	var blocks []string
	must(t, filepath.WalkDir("examples", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(file) == ".tf" {
			blocks = append(blocks, readText(t, file))
		}
		return err
	}))
	for _, page := range pages(t) {
		text := readText(t, page)
		blocks = append(append(blocks, fenced(text, "terraform")...), fenced(text, "hcl")...)
	}
	seen := map[string]int{}
	declaration := regexp.MustCompile(`(?s)\n(variable|data) "(\w+)".*?\n}`)
	for _, found := range declaration.FindAllStringSubmatch("\n"+strings.Join(blocks, "\n"), -1) {
		text, kind, name := found[0], found[1], found[2]
		switch {
		case kind == "variable" && regexp.MustCompile(`password|secret|key|token|passphrase`).MatchString(name) &&
			!regexp.MustCompile(`_consumer_key$|_token_id$|_url$|_dir$`).MatchString(name): // these are not secret
			seen[kind]++
			if !regexp.MustCompile(`ephemeral\s+= true`).MatchString(text) {
				t.Errorf("this variable is written to saved plans:\n%s", text)
			}
		case name == "riva_connection_test" && regexp.MustCompile(`= riva_connection\.`).MatchString(text):
			seen[kind]++
			if !strings.Contains(text, "depends_on") {
				t.Errorf("this test runs before the change is applied:\n%s", text)
			}
		}
	}
	if seen["variable"] < 5 || seen["data"] < 5 {
		t.Errorf("found %v, want the secrets and the tests of examples and guides", seen)
	}
}
