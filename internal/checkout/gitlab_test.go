//go:build unix

package checkout_test

import (
	"encoding/json"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// gitlabJob is a job of .gitlab-ci.yml, with the keywords of the example.
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

// gitlab runs jobs as GitLab does, with the variables of the pipeline and of the project. Jobs share artifacts.
type gitlab struct {
	*runner
	pipeline struct {
		Stages  []string
		Default struct {
			Image struct {
				Name       string
				Entrypoint []string
			}
			IDTokens map[string]struct{ Aud string } `json:"id_tokens"`
		}
		Variables           map[string]string
		Plan, Apply, Health gitlabJob
		Cycle               gitlabJob
	}
	project   map[string]string
	artifacts map[string]string
}

func newGitLab(t *testing.T, pipeline string) *gitlab {
	t.Helper()
	g := &gitlab{runner: newRunner(t), artifacts: map[string]string{}}
	g.readPipeline(t, pipeline, &g.pipeline)
	g.states.user = "gitlab-ci-token"
	g.project = maps.Clone(g.variables)
	maps.Copy(g.project, map[string]string{
		"CI_API_V4_URL": g.address, "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": g.states.token,
	})
	return g
}

// variable returns the value of a variable. It expands variables in the value.
func (g *gitlab) variable(name string) string {
	if value, ok := g.project[name]; ok {
		return value
	}
	return os.Expand(g.pipeline.Variables[name], g.variable)
}

// job runs a job with the project's variables, except some.
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
	for name, token := range g.pipeline.Default.IDTokens {
		environment[name] = g.plane.issuer.token(t, strings.ReplaceAll(token.Aud, publicURL, g.plane.url))
	}
	for _, name := range without {
		delete(environment, name)
	}
	out, err := g.script(t, folder, strings.Join(job.Script, "\n"), environment)
	artifacts := job.Artifacts.Paths
	if report := job.Artifacts.Reports.Terraform; report != "" {
		artifacts = append([]string{report}, artifacts...)
	}
	for _, name := range artifacts {
		if err == nil {
			g.artifacts[name] = readText(t, filepath.Join(g.dir, folder, name))
		}
	}
	return out, err
}

// report returns the changes of a plan that the merge request shows.
func (g *gitlab) report(t *testing.T) (counts struct{ Create, Update, Delete *int }) {
	t.Helper()
	must(t, json.Unmarshal([]byte(g.artifacts[g.pipeline.Plan.Artifacts.Reports.Terraform]), &counts))
	if counts.Create == nil || counts.Update == nil || counts.Delete == nil {
		t.Fatalf("the report is %s, but GitLab requires three numbers", g.artifacts[g.pipeline.Plan.Artifacts.Reports.Terraform])
	}
	return counts
}

// on gives the next jobs the identity of a branch. It is protected if pushes run them.
func (g *gitlab) on(branch, source string) {
	g.plane.issuer.run(map[string]any{
		"sub":        "project_path:example/infrastructure:ref_type:branch:ref:" + branch,
		"project_id": "12345678", "pipeline_source": source, "ref_protected": strconv.FormatBool(source == "push"),
	})
}

// Runs the jobs of the pipeline for GitLab, and tests what the guide says about identities, saved plans, secrets and checks.
func TestGitLabPipeline(t *testing.T) {
	t.Parallel()
	g := newGitLab(t, "gitlab-ci.yml")
	g.plane = g.newShared(t, "pipelines-gitlab-ci")
	g.project["RIVA_CLIENT_ID"] = g.plane.clientID
	const secret = "TF_VAR_exchange_password"
	plan, apply, health := g.pipeline.Plan, g.pipeline.Apply, g.pipeline.Health

	embedded := []string{secret, "RIVA_ENDPOINT", "RIVA_CLIENT_ID", "RIVA_ID_TOKEN"} // on a runner without data
	out, err := g.job(t, health, embedded...)
	expectOutput(t, out, err, false, "The Control Plane Does Not Exist", "0 passed, 1 failed.")
	out, err = g.job(t, plan, embedded[1:]...)
	expectOutput(t, out, err, false, "The Data Directory Would Be Lost After This Run")
	g.on("feature/mail", "merge_request_event")
	out, err = g.job(t, plan)
	expectOutput(t, out+g.artifacts["plan.txt"], err, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	out, err = g.job(t, apply)
	expectOutput(t, out, err, false, "Not Allowed by the Control Plane")
	g.on("main", "push")
	out, err = g.job(t, plan)
	expectOutput(t, out+g.artifacts["plan.txt"], err, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	if counts := g.report(t); *counts.Create != 1 || *counts.Update != 0 || *counts.Delete != 0 {
		t.Errorf("the merge request gets %s", g.artifacts["report.json"])
	}
	guide := readText(t, "templates/guides/pipelines.md.tmpl")
	given := regexp.MustCompile("(?m)^\\| given at .* \\| `(.*)` \\|$").FindAllStringSubmatch(guide, -1)
	if g.version[1] == "OpenTofu" { // it uses the default
		given = [][]string{{"", "Credentials Required"}, {"", ""}}
	}
	out, err = g.job(t, apply, secret)
	expectOutput(t, out, err, false, given[0][1])
	out, err = g.job(t, plan) // OpenTofu has started to apply the first one
	expectOutput(t, out, err, true)
	out, err = g.job(t, apply)
	expectOutput(t, out, err, true, "1 added, 0 changed, 0 destroyed.")
	for what, text := range map[string]string{
		"the state": string(g.states.state), "the saved plan": g.artifacts["tfplan"], "the text of the plan": g.artifacts["plan.txt"],
	} {
		if text == "" || strings.Contains(text, g.project[secret]) {
			t.Errorf("%s is empty, or contains the password", what)
		}
	}
	if g.states.lock != nil {
		t.Errorf("the state is still locked: %s", g.states.lock)
	}
	out, err = g.job(t, plan, secret)
	expectOutput(t, out+g.artifacts["plan.txt"], err, true, "No changes.")
	if counts := g.report(t); *counts.Create != 0 || *counts.Update != 0 || *counts.Delete != 0 {
		t.Errorf("without changes, the merge request gets %s", g.artifacts["report.json"])
	}
	out, err = g.job(t, apply)
	expectOutput(t, out, err, given[1][1] == "", given[1][1])

	out, err = g.job(t, health, secret)
	expectOutput(t, out, err, true, "1 passed, 0 failed.")
	address, err := url.Parse(g.exchange.URL())
	must(t, err)
	must(t, g.exchange.Close())
	out, err = g.job(t, health, secret)
	quoted := strings.ReplaceAll(fenced(guide, "text")[0], "mail.example.com:443", address.Host)
	for paragraph := range strings.SplitSeq(quoted, "\n\n") {
		expectOutput(t, out, err, false, strings.Join(strings.Fields(strings.TrimSuffix(paragraph, "…\n")), " "))
	}
	expectOutput(t, out, err, false, "0 passed, 1 failed.")
	g.checkFailureOnlyInJSON(t)
}

// checkFailureOnlyInJSON tests that a failed check is only a warning of terraform plan: its status does not depend on checks,
// but its JSON has the result.
func (g *gitlab) checkFailureOnlyInJSON(t *testing.T) {
	t.Helper()
	job := gitlabJob{Script: []string{
		"terraform init", "terraform plan -detailed-exitcode -out=tfplan", "terraform show -json tfplan >checks",
	}}
	job.Artifacts.Paths = []string{"checks"}
	out, err := g.job(t, job)
	expectOutput(t, out, err, true, "No changes.", "Warning: Check block assertion failed", target.SystemNotAvailable.Title())
	var plan struct{ Checks []struct{ Status string } }
	must(t, json.Unmarshal([]byte(g.artifacts["checks"]), &plan))
	if len(plan.Checks) != 1 || plan.Checks[0].Status != "fail" {
		t.Errorf("the plan's JSON has the checks %v", plan.Checks)
	}
}
