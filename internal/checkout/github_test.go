//go:build unix

package checkout_test

import (
	"maps"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// github runs jobs as GitHub does: a workflow's, a job's and a step's environment, expressions in them, and each step in a
// shell of its own.
type github struct {
	*runner
	workflow struct {
		Name string
		On   struct {
			PullRequest struct{} `json:"pull_request"`
			Push        struct{ Branches []string }
			Schedule    []struct{ Cron string }
		} `json:"true"` // which is what YAML 1.1 takes it for
		Permissions map[string]string
		Env         map[string]string
		Jobs        map[string]struct {
			If          string
			RunsOn      []string `json:"runs-on"`
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
	// values are of what stands in expressions. What has none is empty.
	values map[string]string
}

// gh is GitHub's command as far as it comments: https://cli.github.com/manual/gh_pr_comment.
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
	g.read(t, "github-actions.yml", &g.workflow)
	g.program(t, "gh", gh)
	g.values = map[string]string{
		"vars.TF_HTTP_ADDRESS": g.address + "/riva", "vars.TF_HTTP_USERNAME": g.states.user, "secrets.TF_HTTP_PASSWORD": g.states.token,
		"vars.EXCHANGE_URL": g.variables["TF_VAR_exchange_url"], "vars.EXCHANGE_USERNAME": g.variables["TF_VAR_exchange_username"],
		"secrets.EXCHANGE_PASSWORD":        g.variables["TF_VAR_exchange_password"],
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
	folder, said := g.folder(t), ""
	for _, step := range job.Steps {
		environment := map[string]string{
			"TF_VAR_exchange_ca_certificate": g.variables["TF_VAR_exchange_ca_certificate"], // the runner's own
			"CI":                             "true",
		}
		for _, all := range []map[string]string{g.workflow.Env, job.Env, step.Env} {
			maps.Copy(environment, all)
		}
		for name, value := range environment {
			environment[name] = expression.ReplaceAllStringFunc(value, func(text string) string {
				return g.values[expression.FindStringSubmatch(text)[1]]
			})
		}
		out, err := g.script(t, folder, step.Run, environment)
		said += out
		if err != nil {
			return said, err
		}
	}
	return said, nil
}

// The jobs of the workflow for GitHub are run, with all that the guide says of comments and secrets.
func TestGitHubPipeline(t *testing.T) {
	t.Parallel()
	g := newGitHub(t)
	out, err := g.job(t, "plan")
	expect(t, out, err, true)
	comment := readText(t, filepath.Join(g.home, "comment"))
	expect(t, comment, nil, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	if strings.Contains(comment, g.values["secrets.EXCHANGE_PASSWORD"]) || strings.Contains(comment, "\x1b") ||
		!strings.HasPrefix(comment, "```\n") || !strings.HasSuffix(comment, "\n```\n") {
		t.Errorf("the comment has the password, or is no block of text:\n%s", comment)
	}
	if flags := readText(t, filepath.Join(g.home, "flags")); flags != "--edit-last\n--create-if-none\n" {
		t.Errorf("the next comment does not replace this one: %s", flags)
	}
	out, err = g.job(t, "apply")
	expect(t, out, err, true, "1 added, 0 changed, 0 destroyed.")

	// A secret that is not there is empty, which is a mistake; without the line that sets it, there is nothing to mistake.
	delete(g.values, "secrets.EXCHANGE_PASSWORD")
	out, err = g.job(t, "plan")
	expect(t, out, err, false, "password must not be empty")
	delete(g.workflow.Jobs["plan"].Env, "TF_VAR_exchange_password")
	out, err = g.job(t, "plan")
	expect(t, out, err, true, "No changes.")

	out, err = g.job(t, "health")
	expect(t, out, err, true, "1 passed, 0 failed.")
	must(t, g.exchange.Close())
	out, err = g.job(t, "health")
	expect(t, out, err, false, "0 passed, 1 failed.")
}
