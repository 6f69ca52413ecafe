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

// never is the version of a Terraform, or an OpenTofu, that cannot do something.
const never = math.MaxInt

// since says from which minor version on Terraform and OpenTofu can plan a configuration here.
func since(text string) (terraform, tofu int) {
	switch {
	case regexp.MustCompile(`(?m)^(list|action) "|action_trigger`).MatchString(text):
		return 14, never
	case strings.Contains(text, "identity = {"):
		return 12, never
	case strings.Contains(text, "encryption {"):
		return never, 11
	}
	return 11, 11
}

// plans tells whether the terraform or tofu at hand can plan a configuration.
func (c *checkout) plans(t *testing.T, text string) bool {
	t.Helper()
	minor, err := strconv.Atoi(c.version[2])
	must(t, err)
	terraform, tofu := since(text)
	if c.version[1] == "OpenTofu" {
		return minor >= tofu
	}
	return minor >= terraform
}

// Everything that people can copy is formatted, and applied to stand-ins and to a control plane that has what it looks for:
// here, or by the tests that are named in configurations.
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
		s.adopt(t)
		s.adoptMany(t)
	})
	if applied.Load() < 20 {
		t.Errorf("only %d examples and blocks were applied", applied.Load())
	}
	s.run(t, "", "for dir in configurations/written examples; do terraform fmt -check -diff -recursive $dir; done", "")
}

// cloud is the part of a configuration that is for TestHCPTerraformExamplePlans.
var cloud = regexp.MustCompile(`(?s)\n {2}cloud {.*?\n {2}}\n`)

// asked are the actions that wait to be asked for.
var asked = regexp.MustCompile(`(?m)^action "(\w+)" "(\w+)"`)

// apply applies a configuration, or queries with it, if the Terraform at hand can. Its checks pass and its actions succeed.
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
	for _, action := range asked.FindAllStringSubmatch(all, -1) {
		address := "action." + action[1] + "." + action[2]
		if strings.Contains(all, "= ["+address+"]") { // which the apply invokes
			continue
		}
		lines += "\n" + command + " -invoke=" + address
	}
	for file, text := range files {
		shown[file] = s.real.Replace(ids.Replace(cloud.ReplaceAllString(text, "")))
		if strings.HasSuffix(file, ".tfquery.hcl") {
			lines = "terraform query -no-color"
		}
	}
	folder := s.configure(t, filepath.Join("applied", name), shown)
	if out := s.run(t, folder, s.values(name)+lines, ""); strings.Contains(out, "Check block assertion failed") {
		t.Errorf("a check fails:\n%s", out)
	}
	return true
}

// importByCommand types the commands of import.sh, each in a folder in which nothing was imported before.
func (s *showcase) importByCommand(t *testing.T) {
	t.Helper()
	scripts, err := filepath.Glob("examples/resources/*/import.sh")
	must(t, err)
	if len(scripts) != 3 {
		t.Fatalf("%d resources have commands, want all three", len(scripts))
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
				folder := s.configure(t, filepath.Join("imported", name), map[string]string{"resource.tf": s.real.Replace(text)})
				out := s.run(t, folder, s.values(name)+ids.Replace(line)+"\nterraform state list", "")
				if !strings.Contains(out, "\n"+address+"\n") {
					t.Errorf("%s is not in the state:\n%s", address, out)
				}
			})
		}
	}
}

// What people copy keeps secrets out of saved plans, and tests a change after it was applied.
func TestExamplesAndPagesShowTheSafeWay(t *testing.T) {
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
			!regexp.MustCompile(`_consumer_key$|_token_id$|_url$`).MatchString(name): // these only name something
			seen[kind]++
			if !regexp.MustCompile(`ephemeral\s+= true`).MatchString(text) {
				t.Errorf("this variable is written into saved plans:\n%s", text)
			}
		case name == "riva_connection_test" && regexp.MustCompile(`= riva_connection\.`).MatchString(text):
			seen[kind]++
			if !strings.Contains(text, "depends_on") {
				t.Errorf("this test runs before a change is applied:\n%s", text)
			}
		}
	}
	if seen["variable"] < 5 || seen["data"] < 5 {
		t.Errorf("found %v, want the secrets and the tests of examples and guides", seen)
	}
}
