//go:build unix

package checkout_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	workflows = ".github/workflows/"
	goAction  = "./.github/actions/go"
)

// workflow has the parts of a workflow that the tests check.
type workflow struct {
	On   map[string]any `json:"true"` // in YAML 1.1, on means true
	Jobs map[string]struct {
		Uses  string
		Needs []string
		Steps []jobStep
	}
}

type jobStep struct {
	Uses, Run string
	With      map[string]any
}

// stepsUsing returns the steps that use an action: the address contains the name.
func stepsUsing(steps []jobStep, action string) []jobStep {
	return slices.DeleteFunc(slices.Clone(steps), func(s jobStep) bool { return !strings.Contains(s.Uses, action) })
}

func readWorkflows(t *testing.T) map[string]workflow {
	t.Helper()
	files, err := filepath.Glob(workflows + "*.yml")
	must(t, err)
	all := map[string]workflow{}
	for _, file := range files {
		var w workflow
		readYAML(t, file, &w)
		all[filepath.Base(file)] = w
	}
	return all
}

// readYAML reads a YAML file with a function of Terraform.
func readYAML(t *testing.T, file string, into any) {
	t.Helper()
	path, err := filepath.Abs(file)
	must(t, err)
	output := newCheckout(t).run(t, "", "terraform console", fmt.Sprintf("base64encode(jsonencode(yamldecode(file(%q))))", path))
	text, err := base64.StdEncoding.DecodeString(strings.Trim(strings.TrimSpace(output), `"`))
	if err != nil {
		t.Fatalf("%s is read as %s: %v", file, output, err)
	}
	must(t, json.Unmarshal(text, into))
}

// Actions run with this project's permissions. Their code was reviewed at a commit; a tag could be moved to another one.
func TestActionsArePinnedToCommits(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(workflows + "*.yml")
	must(t, err)
	own, err := filepath.Glob(".github/actions/*/action.yml")
	must(t, err)
	files = append(files, own...)
	uses := regexp.MustCompile(`uses: (.*)`)
	pinned := regexp.MustCompile(`^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)
	commits := map[string]string{}
	for _, file := range files {
		for _, match := range uses.FindAllStringSubmatch(readText(t, file), -1) {
			if strings.HasPrefix(match[1], "./") {
				continue
			}
			if !pinned.MatchString(match[1]) {
				t.Errorf("%s uses %s, want a commit and its version in a comment", file, match[1])
			}
			action, commit, _ := strings.Cut(match[1], "@")
			if known, ok := commits[action]; ok && known != commit {
				t.Errorf("%s uses %s at %s, but another file uses it at %s", file, action, commit, known)
			}
			commits[action] = commit
		}
	}
	if len(commits) < 5 {
		t.Errorf("found only the actions %v", commits)
	}
}

// go.mod has the oldest supported version of Go. That version cannot build all tools, and lacks fixes of the standard library.
func TestEveryJobUsesNewestGo(t *testing.T) {
	t.Parallel()
	minor := regexp.MustCompile(`(?m)^go (1\.\d+)\.`)
	modules, err := filepath.Glob("tools/*/go.mod")
	must(t, err)
	required := minor.FindStringSubmatch(readText(t, "go.mod"))[1]
	for _, module := range modules {
		if got := minor.FindStringSubmatch(readText(t, module)); len(got) != 2 || got[1] != required {
			t.Errorf("%s requires Go %v, and go.mod %s", module, got, required)
		}
	}
	var action struct{ Runs struct{ Steps []jobStep } }
	readYAML(t, goAction+"/action.yml", &action)
	setup := stepsUsing(action.Runs.Steps, "actions/setup-go@")
	if len(setup) != 1 || setup[0].With["go-version"] != required+".x" || setup[0].With["check-latest"] != true ||
		setup[0].With["go-version-file"] != nil {
		t.Errorf("Go is set up by %v, want the newest %s", setup, required)
	}
	for file, w := range readWorkflows(t) {
		for name, job := range w.Jobs {
			if job.Uses == "" && len(stepsUsing(job.Steps, goAction)) != 1 || len(stepsUsing(job.Steps, "setup-go")) != 0 {
				t.Errorf("the job %s of %s does not set up Go with %s", name, file, goAction)
			}
		}
	}
}

func TestReleaseRunsAllChecks(t *testing.T) {
	t.Parallel()
	all := readWorkflows(t)
	release := all["release.yml"]
	var needs, want []string
	for _, name := range release.Jobs["release"].Needs {
		needs = append(needs, release.Jobs[name].Uses)
	}
	for file, w := range all {
		if _, ok := w.On["pull_request"]; !ok {
			continue
		}
		want = append(want, "./"+workflows+file)
		if _, ok := w.On["workflow_call"]; !ok {
			t.Errorf("%s cannot be called by the release workflow", file)
		}
	}
	slices.Sort(needs)
	slices.Sort(want)
	if len(want) == 0 || !slices.Equal(needs, want) {
		t.Errorf("a release needs %v, and a pull request %v", needs, want)
	}
	attest := stepsUsing(release.Jobs["release"].Steps, "attest-build-provenance")
	if want := []string{"dist/*.zip", "dist/*.sbom.json"}; len(attest) != 1 ||
		!slices.Equal(strings.Fields(fmt.Sprint(attest[0].With["subject-path"])), want) {
		t.Errorf("the attestation of a release is %v, want it for %v", attest, want)
	}
}

func TestReleasingGuideIsComplete(t *testing.T) {
	t.Parallel()
	guide := readText(t, "RELEASING.md")
	release := readText(t, workflows+"release.yml")
	needs := []string{"make release-prepare", "registry.terraform.io", "opentofu/registry/issues", "*Submit new Provider*"}
	for _, match := range regexp.MustCompile(`secrets\.(\w+)|environment: (\w+)`).FindAllStringSubmatch(release, -1) {
		needs = append(needs, "`"+match[1]+match[2]+"`")
	}
	if len(needs) != 7 {
		t.Errorf("a release needs %q, want one environment and two secrets among them", needs)
	}
	for _, need := range needs {
		if !strings.Contains(guide, need) {
			t.Errorf("RELEASING.md does not describe %s", need)
		}
	}
}

func TestMachineWithoutTerraform(t *testing.T) {
	t.Parallel()
	for _, job := range readWorkflows(t)["test.yml"].Jobs {
		demo := slices.ContainsFunc(job.Steps, func(s jobStep) bool { return s.Run == "make demo" })
		if demo && len(stepsUsing(job.Steps, "setup-terraform")) == 0 && len(stepsUsing(job.Steps, "setup-opentofu")) == 0 {
			return
		}
	}
	t.Error("no job runs make demo without terraform and tofu")
}

func TestDependabotUpdatesEverythingPinned(t *testing.T) {
	t.Parallel()
	var dependabot struct {
		Updates []struct {
			Ecosystem   string `json:"package-ecosystem"`
			Directories []string
			Allow       []struct {
				Name string `json:"dependency-name"`
				Type string `json:"dependency-type"`
			}
		}
	}
	readYAML(t, ".github/dependabot.yml", &dependabot)
	updated, allowed := map[string]bool{}, map[string]bool{}
	for _, update := range dependabot.Updates {
		for _, folder := range update.Directories {
			updated[update.Ecosystem+" "+folder] = true
			for _, allow := range update.Allow {
				if allow.Type == "all" {
					allowed[folder+" "+allow.Name] = true
				}
			}
		}
	}
	for pattern, ecosystem := range map[string]string{"tools/*/go.mod": "gomod", ".github/actions/*/action.yml": "github-actions"} {
		files, err := filepath.Glob(pattern)
		must(t, err)
		for _, file := range files {
			folder := "/" + filepath.Dir(file)
			if !updated[ecosystem+" "+folder] {
				t.Errorf("Dependabot does not update %s", file)
			}
			if tool := toolOf(t, file); tool != "" && !allowed[folder+" "+tool] {
				t.Errorf("Dependabot may not update %s, the tool of %s", tool, file)
			}
		}
	}
}

// toolOf returns the module of the tool that a go.mod pins.
func toolOf(t *testing.T, file string) string {
	t.Helper()
	text := readText(t, file)
	tool := regexp.MustCompile(`(?m)^tool (\S+)`).FindStringSubmatch(text)
	if tool == nil {
		return ""
	}
	for _, module := range regexp.MustCompile(`(?m)^\t(\S+) v`).FindAllStringSubmatch(text, -1) {
		if tool[1] == module[1] || strings.HasPrefix(tool[1], module[1]+"/") {
			return module[1]
		}
	}
	t.Fatalf("%s does not require the module of %s", file, tool[1])
	return ""
}

// The example uses the same major versions of actions as this project's workflows.
func TestGitHubExampleUsesCurrentActions(t *testing.T) {
	t.Parallel()
	const example = "examples/pipelines/github-actions.yml"
	ours := ""
	for file := range readWorkflows(t) {
		ours += readText(t, workflows+file)
	}
	actions := regexp.MustCompile(`uses: (\S+)@(v\d+)`).FindAllStringSubmatch(readText(t, example), -1)
	if len(actions) == 0 {
		t.Errorf("%s uses no actions", example)
	}
	for _, action := range actions {
		used := regexp.MustCompile(regexp.QuoteMeta(action[1]) + `@\S+ # (v\d+)`).FindStringSubmatch(ours)
		if len(used) != 2 || used[1] != action[2] {
			t.Errorf("%s uses %s %s, and this project's workflows use %v", example, action[1], action[2], used)
		}
	}
	if output := newCheckout(t).run(t, "", "make --dry-run lint", ""); !strings.Contains(output, example) {
		t.Errorf("make lint does not check %s:\n%s", example, output)
	}
}

func TestReleaseNotes(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	changelog := filepath.Join(c.dir, "CHANGELOG.md")
	must(t, os.Remove(changelog)) // the link to the real one
	must(t, os.WriteFile(changelog, []byte("# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2030-01-02\n\n### Added\n\n- Two.\n\n"+
		"## [0.1.0] - 2030-01-01\n\n- One.\n\n[0.1.0]: https://example.com\n"), 0o600))
	for version, want := range map[string]string{"0.2.0": "### Added\n\n- Two.", "0.1.0": "- One."} {
		if got := strings.TrimSpace(c.run(t, "", "tools/release-notes.sh "+version, "")); got != want {
			t.Errorf("the notes of %s are %q, want %q", version, got, want)
		}
	}
	for _, version := range []string{"Unreleased", "0.3.0"} {
		if out, err := c.shell(t.Context(), "", "tools/release-notes.sh "+version).CombinedOutput(); err == nil {
			t.Errorf("%s is not in the changelog, but has notes:\n%s", version, out)
		}
	}
}
