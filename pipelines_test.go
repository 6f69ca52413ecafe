//go:build unix

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// drawn is what Terraform draws around its words: colours and frames.
var drawn = regexp.MustCompile(`\x1b\[[0-9;]*m|[╷│╵]`)

const pipelines = "examples/pipelines"

// pipeline is what GitLab would run.
type pipeline struct {
	Variables           map[string]string
	Plan, Apply, Health struct {
		Script    []string
		Artifacts struct{ Paths []string }
	}
}

// gitlab runs jobs as GitLab does: each in a checkout of its own, with the variables of the pipeline and of the project.
// What jobs share is the state, the artifacts and the directory that the runner keeps.
type gitlab struct {
	*checkout
	pipeline
	project   map[string]string
	artifacts map[string]string
	jobs      int
}

// variable is the value of a variable, in which others may stand.
func (g *gitlab) variable(name string) string {
	if value, ok := g.project[name]; ok {
		return value
	}
	return strings.ReplaceAll(os.Expand(g.Variables[name], g.variable), "/srv/", g.home+"/srv/")
}

// job runs a script with the project's variables but those that it must do without.
func (g *gitlab) job(t *testing.T, script, keep []string, without ...string) (string, error) {
	t.Helper()
	g.jobs++
	folder := filepath.Join("jobs", strconv.Itoa(g.jobs))
	must(t, os.CopyFS(filepath.Join(g.dir, folder), os.DirFS(filepath.Join(g.dir, pipelines))))
	for name, content := range g.artifacts {
		must(t, os.WriteFile(filepath.Join(g.dir, folder, name), []byte(content), 0o600))
	}
	command := g.shell(t.Context(), folder, strings.Join(script, "\n"))
	for _, all := range []map[string]string{g.Variables, g.project} {
		for name := range all {
			if !slices.Contains(without, name) {
				command.Env = append(command.Env, name+"="+g.variable(name))
			}
		}
	}
	out, err := command.CombinedOutput()
	for _, name := range keep {
		if err == nil {
			g.artifacts[name] = readText(t, filepath.Join(g.dir, folder, name))
		}
	}
	return string(out), err
}

// backend keeps a state as GitLab does, for who presents the job's token.
type backend struct {
	token string

	mu          sync.Mutex
	state, lock []byte
}

func (b *backend) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	user, token, _ := r.BasicAuth()
	isLock := strings.HasSuffix(r.URL.Path, "/lock")
	switch {
	case err != nil, user != "gitlab-ci-token", token != b.token:
		w.WriteHeader(http.StatusUnauthorized)
	case isLock && r.Method == http.MethodPost && b.lock != nil:
		w.WriteHeader(http.StatusLocked)
		_, _ = w.Write(b.lock)
	case isLock && r.Method == http.MethodPost:
		b.lock = body
	case isLock && r.Method == http.MethodDelete:
		b.lock = nil
	case r.Method == http.MethodPost:
		b.state = body
	case b.state == nil:
		w.WriteHeader(http.StatusNotFound)
	default:
		_, _ = w.Write(b.state)
	}
}

// newGitLab reads the pipeline, and has a provider to install, a place for the state, and Exchange.
func newGitLab(t *testing.T) (*gitlab, *backend, standins.Server) {
	t.Helper()
	g := &gitlab{checkout: newCheckout(t), artifacts: map[string]string{}}
	must(t, json.Unmarshal([]byte(g.yaml(t)["gitlab-ci.yml"]), &g.pipeline))
	g.run(t, "", "make build", "")
	binary := filepath.Join(g.dir, "bin", "terraform-provider-riva")
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(g.home, ".terraform.d", "plugins", registry, "terraform-provider-riva", "riva", "0.0.1",
			runtime.GOOS+"_"+runtime.GOARCH)
		must(t, os.MkdirAll(dir, 0o700))
		must(t, os.Symlink(binary, filepath.Join(dir, "terraform-provider-riva_v0.0.1")))
	}
	// The lock files are in the repository, and what is installed is not.
	g.run(t, pipelines, "for dir in . health; do terraform -chdir=$dir init -backend=false; rm -r $dir/.terraform; done", "")

	standIn, _ := standins.Named("exchange")
	exchange, err := standIn.Start(sandbox.Options{TLS: &sandbox.TLS{}})
	must(t, err)
	t.Cleanup(func() { must(t, exchange.Close()) })
	b := &backend{token: "the token of the job"}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	g.project = map[string]string{"CI_API_V4_URL": server.URL, "CI_PROJECT_ID": "1", "CI_JOB_TOKEN": b.token}
	for _, v := range exchange.Variables() {
		if !v.Alternative {
			g.project["TF_VAR_"+v.Name] = v.Value
		}
	}
	return g, b, exchange
}

// yaml reads all pipelines, as JSON.
func (c *checkout) yaml(t *testing.T) map[string]string {
	t.Helper()
	const all = `jsonencode({ for name in fileset(".", "*.{yml,yaml}") : name => jsonencode(yamldecode(file(name))) })`
	out := c.run(t, "", "mkdir -p yaml && cp "+pipelines+"/*.y*ml yaml && cd yaml && terraform console 2>/dev/null", all)
	var text string
	files := map[string]string{}
	must(t, json.Unmarshal([]byte(out), &text))
	must(t, json.Unmarshal([]byte(text), &files))
	return files
}

// The jobs of the pipeline for GitLab are run, with all that the guide says of saved plans, secrets and checks.
func TestPipelineKeepsItsPromises(t *testing.T) {
	t.Parallel()
	g, state, exchange := newGitLab(t)
	const secret = "TF_VAR_exchange_password"
	expect := func(out string, err error, works bool, says ...string) {
		t.Helper()
		if (err == nil) != works {
			t.Fatalf("ended with %v:\n%s", err, out)
		}
		words := strings.Join(strings.Fields(drawn.ReplaceAllString(out, "")), " ")
		for _, want := range says {
			if !strings.Contains(words, want) {
				t.Errorf("does not say %q:\n%s", want, out)
			}
		}
	}

	out, err := g.job(t, g.Plan.Script, g.Plan.Artifacts.Paths)
	expect(out+g.artifacts["plan.txt"], err, true, "Plan: 1 to add, 0 to change, 0 to destroy.",
		"A New Control Plane on a Machine That May Not Last")
	out, err = g.job(t, g.Apply.Script, nil, secret)
	expect(out, err, false, "exchange_password")
	out, err = g.job(t, g.Plan.Script, g.Plan.Artifacts.Paths) // OpenTofu has begun with the first one
	expect(out, err, true)
	out, err = g.job(t, g.Apply.Script, nil)
	expect(out, err, true, "1 added, 0 changed, 0 destroyed.")
	for what, text := range map[string]string{
		"the state": string(state.state), "the saved plan": g.artifacts["tfplan"], "the text of the plan": g.artifacts["plan.txt"],
	} {
		if text == "" || strings.Contains(text, g.project[secret]) {
			t.Errorf("%s is not there, or has the password", what)
		}
	}
	if state.lock != nil {
		t.Errorf("a lock was left: %s", state.lock)
	}

	out, err = g.job(t, g.Health.Script, nil, secret)
	expect(out, err, true, "1 passed, 0 failed.")
	must(t, exchange.Close())
	out, err = g.job(t, g.Health.Script, nil, secret)
	quoted := fenced(readText(t, "templates/guides/pipelines.md.tmpl"), "text")[0]
	for paragraph := range strings.SplitSeq(quoted, "\n\n") {
		expect(out, err, false, strings.Join(strings.Fields(strings.TrimSuffix(paragraph, "…\n")), " "))
	}
	expect(out, err, false, "0 passed, 1 failed.")

	// The same is no more than a warning to a plan, whatever is asked of it; only its JSON tells.
	out, err = g.job(t, []string{
		"terraform init", "terraform plan -detailed-exitcode -out=tfplan", "terraform show -json tfplan >checks",
	}, []string{"checks"})
	expect(out, err, true, "No changes.", "Warning: Check block assertion failed", target.SystemNotAvailable.Title())
	var plan struct{ Checks []struct{ Status string } }
	must(t, json.Unmarshal([]byte(g.artifacts["checks"]), &plan))
	if len(plan.Checks) != 1 || plan.Checks[0].Status != "fail" {
		t.Errorf("the plan's JSON tells of the checks %v", plan.Checks)
	}
}

func TestPipelinesNameOnlyWhatExists(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	configuration, reference := readText(t, filepath.Join(pipelines, "main.tf")), readText(t, "docs/index.md")
	guide := readText(t, "templates/guides/pipelines.md.tmpl")
	files := c.yaml(t)
	if len(files) < 3 {
		t.Fatalf("only %d pipelines", len(files))
	}
	for name := range files {
		text := readText(t, filepath.Join(pipelines, name))
		if !strings.Contains(guide, `{{ codefile "yaml" "`+pipelines+"/"+name+`" }}`) {
			t.Errorf("the guide does not show %s", name)
		}
		for _, match := range regexp.MustCompile(`\bTF_VAR_(\w+)`).FindAllStringSubmatch(text, -1) {
			if !strings.Contains(configuration, `variable "`+match[1]+`" {`) {
				t.Errorf("%s gives a value to %s, which is no variable", name, match[1])
			}
		}
		for _, variable := range regexp.MustCompile(`\bRIVA_\w+`).FindAllString(text, -1) {
			if !strings.Contains(reference, "`"+variable+"`") {
				t.Errorf("%s sets %s, which the provider does not read", name, variable)
			}
		}
		for _, match := range regexp.MustCompile(`-chdir=(\S+)`).FindAllStringSubmatch(text, -1) {
			if _, err := os.Stat(filepath.Join(pipelines, match[1])); err != nil {
				t.Errorf("%s goes where nothing is: %v", name, err)
			}
		}
	}
}
