//go:build unix

package checkout_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// gitlabJob is a job of .gitlab-ci.yml, as far as the example has keywords.
type gitlabJob struct {
	Stage         string
	Rules         []struct{ If, When string }
	Environment   string
	ResourceGroup string `json:"resource_group"`
	Script        []string
	Artifacts     struct {
		Paths    []string
		Reports  struct{ Terraform string }
		ExpireIn string `json:"expire_in"`
		Access   string
	}
}

// gitlab runs jobs as GitLab does, with the variables of the pipeline and of the project. Jobs also share artifacts.
type gitlab struct {
	*runner
	pipeline struct {
		Stages  []string
		Default struct {
			Tags  []string
			Image struct {
				Name       string
				Entrypoint []string
			}
		}
		Variables           map[string]string
		Plan, Apply, Health gitlabJob
	}
	project   map[string]string
	artifacts map[string]string
}

func newGitLab(t *testing.T) *gitlab {
	t.Helper()
	g := &gitlab{runner: newRunner(t), artifacts: map[string]string{}}
	g.read(t, "gitlab-ci.yml", &g.pipeline)
	g.states.user = "gitlab-ci-token"
	g.project = maps.Clone(g.variables)
	maps.Copy(g.project, map[string]string{
		"CI_API_V4_URL": g.address, "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": g.states.token,
	})
	return g
}

// variable is the value of a variable, in which others may stand.
func (g *gitlab) variable(name string) string {
	if value, ok := g.project[name]; ok {
		return value
	}
	return os.Expand(g.pipeline.Variables[name], g.variable)
}

// job runs a job with the project's variables but those that it must do without.
func (g *gitlab) job(t *testing.T, job gitlabJob, without ...string) (string, error) {
	t.Helper()
	folder, environment := g.folder(t), map[string]string{}
	for name, content := range g.artifacts {
		must(t, os.WriteFile(filepath.Join(g.dir, folder, name), []byte(content), 0o600))
	}
	for _, all := range []map[string]string{g.pipeline.Variables, g.project} {
		for name := range all {
			environment[name] = g.variable(name)
		}
	}
	for _, name := range without {
		delete(environment, name)
	}
	out, err := g.script(t, folder, strings.Join(job.Script, "\n"), environment)
	kept := job.Artifacts.Paths
	if report := job.Artifacts.Reports.Terraform; report != "" {
		kept = append([]string{report}, kept...)
	}
	for _, name := range kept {
		if err == nil {
			g.artifacts[name] = readText(t, filepath.Join(g.dir, folder, name))
		}
	}
	return out, err
}

// report is what the merge request shows of a plan.
func (g *gitlab) report(t *testing.T) (counts struct{ Create, Update, Delete *int }) {
	t.Helper()
	must(t, json.Unmarshal([]byte(g.artifacts[g.pipeline.Plan.Artifacts.Reports.Terraform]), &counts))
	if counts.Create == nil || counts.Update == nil || counts.Delete == nil {
		t.Fatalf("the report is %s, and GitLab wants three numbers", g.artifacts[g.pipeline.Plan.Artifacts.Reports.Terraform])
	}
	return counts
}

// The jobs of the pipeline for GitLab are run, with all that the guide says of saved plans, secrets and checks.
func TestGitLabPipeline(t *testing.T) {
	t.Parallel()
	g := newGitLab(t)
	const secret = "TF_VAR_exchange_password"
	plan, apply, health := g.pipeline.Plan, g.pipeline.Apply, g.pipeline.Health

	out, err := g.job(t, plan)
	expect(t, out+g.artifacts["plan.txt"], err, true, "Plan: 1 to add, 0 to change, 0 to destroy.",
		"New Control Plane in an Ephemeral Environment")
	if counts := g.report(t); *counts.Create != 1 || *counts.Update != 0 || *counts.Delete != 0 {
		t.Errorf("the merge request is told %s", g.artifacts["report.json"])
	}
	guide := readText(t, "templates/guides/pipelines.md.tmpl")
	given := regexp.MustCompile("(?m)^\\| given at .* \\| `(.*)` \\|$").FindAllStringSubmatch(guide, -1)
	if g.version[1] == "OpenTofu" { // it takes the default
		given = [][]string{{"", "Credentials Required"}, {"", ""}}
	}
	out, err = g.job(t, apply, secret)
	expect(t, out, err, false, given[0][1])
	out, err = g.job(t, plan) // OpenTofu has begun with the first one
	expect(t, out, err, true)
	out, err = g.job(t, apply)
	expect(t, out, err, true, "1 added, 0 changed, 0 destroyed.")
	for what, text := range map[string]string{
		"the state": string(g.states.state), "the saved plan": g.artifacts["tfplan"], "the text of the plan": g.artifacts["plan.txt"],
	} {
		if text == "" || strings.Contains(text, g.project[secret]) {
			t.Errorf("%s is not there, or has the password", what)
		}
	}
	if g.states.lock != nil {
		t.Errorf("a lock was left: %s", g.states.lock)
	}
	out, err = g.job(t, plan, secret)
	expect(t, out+g.artifacts["plan.txt"], err, true, "No changes.")
	if counts := g.report(t); *counts.Create != 0 || *counts.Update != 0 || *counts.Delete != 0 {
		t.Errorf("of no changes the merge request is told %s", g.artifacts["report.json"])
	}
	out, err = g.job(t, apply)
	expect(t, out, err, given[1][1] == "", given[1][1])

	out, err = g.job(t, health, secret)
	expect(t, out, err, true, "1 passed, 0 failed.")
	must(t, g.exchange.Close())
	out, err = g.job(t, health, secret)
	for paragraph := range strings.SplitSeq(fenced(guide, "text")[0], "\n\n") {
		expect(t, out, err, false, strings.Join(strings.Fields(strings.TrimSuffix(paragraph, "…\n")), " "))
	}
	expect(t, out, err, false, "0 passed, 1 failed.")
	g.onlyTheJSONTells(t)
}

// onlyTheJSONTells shows that what fails a test is no more than a warning to a plan, whatever is asked of it.
func (g *gitlab) onlyTheJSONTells(t *testing.T) {
	t.Helper()
	look := gitlabJob{Script: []string{
		"terraform init", "terraform plan -detailed-exitcode -out=tfplan", "terraform show -json tfplan >checks",
	}}
	look.Artifacts.Paths = []string{"checks"}
	out, err := g.job(t, look)
	expect(t, out, err, true, "No changes.", "Warning: Check block assertion failed", target.SystemNotAvailable.Title())
	var plan struct{ Checks []struct{ Status string } }
	must(t, json.Unmarshal([]byte(g.artifacts["checks"]), &plan))
	if len(plan.Checks) != 1 || plan.Checks[0].Status != "fail" {
		t.Errorf("the plan's JSON tells of the checks %v", plan.Checks)
	}
}
