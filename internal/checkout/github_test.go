//go:build unix

package checkout_test

import (
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// github runs jobs as GitHub does: with the environment of the workflow, the job and the step, with expressions, and with a new
// shell for each step.
type github struct {
	*runner
	workflow struct {
		Name string
		On   struct {
			PullRequest struct{} `json:"pull_request"`
			Push        struct{ Branches []string }
			Schedule    []struct{ Cron string }
		} `json:"true"` // in YAML 1.1, on means true
		Permissions map[string]string
		Env         map[string]string
		Jobs        map[string]struct {
			If          string
			RunsOn      string `json:"runs-on"`
			Permissions map[string]string
			Environment string
			Concurrency string
			Env         map[string]string
			Steps       []struct {
				Uses string
				With map[string]any
				Run  string
				Env  map[string]string
			}
		}
	}
	// values has the values of expressions. Other expressions are empty.
	values map[string]string
	// event started the jobs. Without one, a job runs by the event that its condition names.
	event string
}

// identity gives the job its claims, and what it can request a token with if it has the permission.
func (g *github) identity(name string) map[string]string {
	job := g.workflow.Jobs[name]
	event := regexp.MustCompile(`github.event_name == '(\w+)'`).FindStringSubmatch(job.If)[1]
	if g.event != "" {
		event = g.event
	}
	subject := "ref:refs/heads/main"
	switch {
	case job.Environment != "":
		subject = "environment:" + job.Environment
	case event == "pull_request":
		subject = event
	}
	g.plane.issuer.run(map[string]any{
		"sub": "repo:example/infrastructure:" + subject, "repository_id": "123456789", "event_name": event,
	})
	permissions := job.Permissions
	if permissions == nil {
		permissions = g.workflow.Permissions
	}
	if permissions["id-token"] != "write" {
		return nil
	}
	return map[string]string{
		"ACTIONS_ID_TOKEN_REQUEST_URL":   g.plane.issuer.URL + "/request?api-version=2.0",
		"ACTIONS_ID_TOKEN_REQUEST_TOKEN": requestToken,
	}
}

// gh is a stand-in for GitHub's command. It has gh pr comment: https://cli.github.com/manual/gh_pr_comment.
const gh = `
[ "$GH_TOKEN" = "the token of the run" ] || { echo "no token" >&2; exit 4; }
[ "$1 $2 $3" = "pr comment 7" ] || { echo "unknown command: $*" >&2; exit 1; }
shift 3
while [ $# -gt 0 ]; do
  case $1 in
    --body-file) cp "$2" ~/comment; shift 2 ;;
    --edit-last | --create-if-none) echo "$1" >>~/flags; shift ;;
    *) echo "unknown flag: $1" >&2; exit 1 ;;
  esac
done
`

func newGitHub(t *testing.T) *github {
	t.Helper()
	g := &github{runner: newRunner(t)}
	g.readPipeline(t, "github-actions.yml", &g.workflow)
	g.program(t, "gh", gh)
	g.plane = g.newShared(t, "pipelines-github-actions")
	g.values = map[string]string{
		"vars.TF_HTTP_ADDRESS": g.address + "/riva", "vars.TF_HTTP_USERNAME": g.states.user, "secrets.TF_HTTP_PASSWORD": g.states.token,
		"vars.EXCHANGE_URL": g.variables["TF_VAR_exchange_url"], "vars.EXCHANGE_USERNAME": g.variables["TF_VAR_exchange_username"],
		"secrets.EXCHANGE_PASSWORD":        g.variables["TF_VAR_exchange_password"],
		"vars.RIVA_CLIENT_ID":              g.plane.clientID,
		"github.token":                     "the token of the run",
		"github.event.pull_request.number": "7",
	}
	return g
}

var expression = regexp.MustCompile(`\$\{\{ ([\w.]+) }}`)

// job runs the steps of a job until one fails.
func (g *github) job(t *testing.T, name string) (string, error) {
	t.Helper()
	job, ok := g.workflow.Jobs[name]
	if !ok {
		t.Fatalf("there is no job %s", name)
	}
	folder, output := g.folder(t), ""
	for _, step := range job.Steps {
		environment := map[string]string{
			"TF_VAR_exchange_ca_certificate": g.variables["TF_VAR_exchange_ca_certificate"], // the runner's own
			"CI":                             "true",
		}
		for _, all := range []map[string]string{g.workflow.Env, job.Env, step.Env, g.identity(name)} {
			maps.Copy(environment, all)
		}
		for name, value := range environment {
			environment[name] = expression.ReplaceAllStringFunc(value, func(text string) string {
				return g.values[expression.FindStringSubmatch(text)[1]]
			})
		}
		out, err := g.script(t, folder, step.Run, environment)
		output += out
		if err != nil {
			return output, err
		}
	}
	return output, nil
}

// Runs the jobs of the workflow for GitHub, and tests what the guide says about comments and secrets.
func TestGitHubPipeline(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	out, err := g.job(t, "plan")
	expectOutput(t, out, err, true)
	comment := readText(t, filepath.Join(g.home, "comment"))
	expectOutput(t, comment, nil, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	if strings.Contains(comment, g.values["secrets.EXCHANGE_PASSWORD"]) || strings.Contains(comment, "\x1b") ||
		!strings.HasPrefix(comment, "```\n") || !strings.HasSuffix(comment, "\n```\n") {
		t.Errorf("the comment contains the password, or is not a code block:\n%s", comment)
	}
	if flags := readText(t, filepath.Join(g.home, "flags")); flags != "--edit-last\n--create-if-none\n" {
		t.Errorf("the next comment would not replace this one: %s", flags)
	}
	g.event = "pull_request" // its code can name the environment
	out, err = g.job(t, "apply")
	expectOutput(t, out, err, false, "rules trusts the token", "repo:example/infrastructure:environment:production",
		"compare its issuer, audience and subject with the rules of the client")
	g.event = ""
	out, err = g.job(t, "apply")
	expectOutput(t, out, err, true, "1 added, 0 changed, 0 destroyed.")

	// A secret that does not exist is empty, which is an error. Without the line that sets the variable, there is no error.
	delete(g.values, "secrets.EXCHANGE_PASSWORD")
	out, err = g.job(t, "plan")
	expectOutput(t, out, err, false, "password must not be empty")
	delete(g.workflow.Jobs["plan"].Env, "TF_VAR_exchange_password")
	out, err = g.job(t, "plan")
	expectOutput(t, out, err, true, "No changes.")

	out, err = g.job(t, "health")
	expectOutput(t, out, err, true, "1 passed, 0 failed.")
	must(t, g.exchange.Close())
	out, err = g.job(t, "health")
	expectOutput(t, out, err, false, "0 passed, 1 failed.")
}
