//go:build unix

package checkout_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// terminalFormatting matches the colors and frames in Terraform's output.
var terminalFormatting = regexp.MustCompile(`\x1b\[[0-9;]*m|[╷│╵]`)

const pipelines = "examples/pipelines"

// runner runs the jobs of a pipeline, each in a new copy of the repository. Jobs share the state.
type runner struct {
	*checkout
	exchange  standins.Server
	variables map[string]string // settings and credentials for Exchange
	states    *backend
	address   string // of the states
	jobs      int
	plane     *shared // nil without a shared control plane
}

// newRunner returns a runner with an installed provider, a backend for states, and a stand-in for Exchange.
func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{checkout: newCheckout(t), variables: map[string]string{}, states: &backend{user: "pipeline", token: "of the job"}}
	r.install(t)
	// A repository has the lock files, but not the installed provider.
	r.run(t, pipelines, "for dir in . health; do terraform -chdir=$dir init -backend=false; rm -r $dir/.terraform; done", "")
	standIn, _ := standins.Lookup("exchange")
	exchange, err := standIn.Start(sandbox.Options{TLS: &sandbox.TLS{}})
	must(t, err)
	t.Cleanup(func() { must(t, exchange.Close()) })
	r.exchange = exchange
	for _, v := range exchange.Variables() {
		if !v.Alternative {
			r.variables["TF_VAR_"+v.Name] = v.Value
		}
	}
	server := httptest.NewServer(r.states)
	t.Cleanup(server.Close)
	r.address = server.URL
	return r
}

// install builds the provider and installs it for init, under its names in both registries.
func (c *checkout) install(t *testing.T) {
	t.Helper()
	c.run(t, "", "make build", "")
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		dir := filepath.Join(c.home, ".terraform.d", "plugins", registry, "terraform-provider-riva", "riva", "0.1.1",
			runtime.GOOS+"_"+runtime.GOARCH)
		must(t, os.MkdirAll(dir, 0o700))
		binary := filepath.Join(c.dir, "bin", "terraform-provider-riva")
		must(t, os.Symlink(binary, filepath.Join(dir, "terraform-provider-riva_v0.1.1")))
	}
}

// program adds a stand-in for a program to the path of all commands.
func (c *checkout) program(t *testing.T, name, script string) {
	t.Helper()
	programs, _, _ := strings.Cut(c.path, string(os.PathListSeparator))
	must(t, os.WriteFile(filepath.Join(programs, name), []byte("#!/usr/bin/env bash\nset -euo pipefail\n"+script), 0o700))
}

// folder is a new copy of the repository.
func (r *runner) folder(t *testing.T) string {
	t.Helper()
	r.jobs++
	folder := filepath.Join("jobs", strconv.Itoa(r.jobs))
	must(t, os.CopyFS(filepath.Join(r.dir, folder), os.DirFS(filepath.Join(r.dir, pipelines))))
	return folder
}

// script runs lines in a folder with an environment, in which it replaces the address of the control plane.
func (r *runner) script(t *testing.T, folder, lines string, environment map[string]string) (string, error) {
	t.Helper()
	command := r.shell(t.Context(), folder, lines)
	for name, value := range environment {
		if r.plane != nil {
			value = strings.ReplaceAll(value, publicURL, r.plane.url)
		}
		command.Env = append(command.Env, name+"="+value)
	}
	out, err := command.CombinedOutput()
	return string(out), err
}

// expectOutput checks whether a job succeeded, and its output.
func expectOutput(t *testing.T, out string, err error, succeeds bool, contains ...string) {
	t.Helper()
	if (err == nil) != succeeds {
		t.Fatalf("ended with %v:\n%s", err, out)
	}
	plain := strings.Join(strings.Fields(terminalFormatting.ReplaceAllString(out, "")), " ")
	for _, want := range contains {
		if !strings.Contains(plain, want) {
			t.Errorf("the output does not contain %q:\n%s", want, out)
		}
	}
}

// backend stores a state for the client with the user and token, as GitLab does.
type backend struct {
	user, token string

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
	case err != nil, user != b.user, token != b.token:
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

// readPipeline decodes a pipeline. Unknown keys are an error, because the test would not execute them.
func (c *checkout) readPipeline(t *testing.T, name string, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(c.readPipelines(t)[name]))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// readPipelines returns all pipelines as JSON.
func (c *checkout) readPipelines(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	const all = `jsonencode({ for name in fileset(".", "*.{yml,yaml}") : name => yamldecode(file(name)) })`
	out := c.run(t, "", "mkdir -p yaml && cp "+pipelines+"/*.y*ml yaml && cd yaml && terraform console 2>/dev/null", all)
	var text string
	files := map[string]json.RawMessage{}
	must(t, json.Unmarshal([]byte(out), &text))
	must(t, json.Unmarshal([]byte(text), &files))
	return files
}

func TestPipelinesNameOnlyWhatExists(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	configuration, reference := readText(t, filepath.Join(pipelines, "main.tf")), readText(t, "docs/index.md")
	guides, err := filepath.Glob("templates/guides/pipelines*.md.tmpl")
	must(t, err)
	shown := ""
	for _, guide := range guides {
		shown += readText(t, guide)
	}
	files := c.readPipelines(t)
	if len(files) < 3 {
		t.Fatalf("only %d pipelines", len(files))
	}
	for name := range files {
		text := readText(t, filepath.Join(pipelines, name))
		if !strings.Contains(shown, `{{ codefile "yaml" "`+pipelines+"/"+name+`" }}`) {
			t.Errorf("no guide shows %s", name)
		}
		for _, match := range regexp.MustCompile(`\bTF_VAR_(\w+)`).FindAllStringSubmatch(text, -1) {
			if !strings.Contains(configuration, `variable "`+match[1]+`" {`) {
				t.Errorf("%s sets %s, which is not a variable", name, match[1])
			}
		}
		for _, variable := range regexp.MustCompile(`\bRIVA_\w+`).FindAllString(text, -1) {
			if !strings.Contains(reference, "`"+variable+"`") {
				t.Errorf("%s sets %s, which the provider does not read", name, variable)
			}
		}
	}
}
