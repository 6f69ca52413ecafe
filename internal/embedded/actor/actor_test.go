package actor_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded/actor"
)

// environment returns the variables like os.Getenv.
func environment(variables map[string]string) func(string) string {
	return func(name string) string { return variables[name] }
}

func TestActorNamesPersonAndPipeline(t *testing.T) {
	t.Parallel()
	for want, c := range map[string]struct {
		user, host string
		variables  map[string]string
	}{
		"ada@laptop":          {"ada", "laptop", map[string]string{"GITHUB_REPOSITORY": "left over"}},
		`EXAMPLE\ada@laptop`:  {`EXAMPLE\ada`, "laptop", nil},
		"unknown user@laptop": {"", "laptop", nil},
		"unknown user":        {},
		"runner@vm; GitHub Actions: repository example/infra, workflow apply, run 4242, actor ada, started by grace": {
			"runner", "vm", map[string]string{
				"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": "example/infra", "GITHUB_WORKFLOW": "apply", "GITHUB_RUN_ID": "4242",
				"GITHUB_ACTOR": "ada", "GITHUB_TRIGGERING_ACTOR": "grace", "GITHUB_TOKEN": "canary",
			},
		},
		"root@vm; GitLab CI/CD: project example/infra, pipeline 77, user ada": {
			"root", "vm", map[string]string{
				"GITLAB_CI": "true", "CI_PROJECT_PATH": "example/infra", "CI_PIPELINE_ID": "77", "GITLAB_USER_LOGIN": "ada",
				"CI_JOB_TOKEN": "canary",
			},
		},
		"jenkins@vm; Jenkins: job infra/main, build 12": {
			"jenkins", "vm", map[string]string{"JENKINS_URL": "https://canary", "JOB_NAME": "infra/main", "BUILD_NUMBER": "12"},
		},
		"vsts@vm; Azure Pipelines: project Infra, pipeline apply, run 5, requested for Ada Lovelace": {
			"vsts", "vm", map[string]string{
				"TF_BUILD": "True", "SYSTEM_TEAMPROJECT": "Infra", "BUILD_DEFINITIONNAME": "apply", "BUILD_BUILDID": "5",
				"BUILD_REQUESTEDFOR": "Ada Lovelace",
			},
		},
		"root@vm; Bitbucket Pipelines: repository example/infra, build 3": {
			"root", "vm", map[string]string{"BITBUCKET_BUILD_NUMBER": "3", "BITBUCKET_REPO_FULL_NAME": "example/infra"},
		},
		"root@vm; CircleCI: project infra, build 3, user ada": {
			"root", "vm", map[string]string{
				"CIRCLECI": "true", "CIRCLE_PROJECT_REPONAME": "infra", "CIRCLE_BUILD_NUM": "3", "CIRCLE_USERNAME": "ada",
			},
		},
		"root@vm; Buildkite: pipeline infra, build 3, creator Ada": {
			"root", "vm", map[string]string{
				"BUILDKITE": "true", "BUILDKITE_PIPELINE_SLUG": "infra", "BUILDKITE_BUILD_NUMBER": "3", "BUILDKITE_BUILD_CREATOR": "Ada",
			},
		},
		"terraform@vm; HCP Terraform: workspace example/infra, run run-CZcmD7eagjhyX0vN": {
			"terraform", "vm", map[string]string{"TFC_RUN_ID": "run-CZcmD7eagjhyX0vN", "TFC_WORKSPACE_SLUG": "example/infra"},
		},
	} {
		if got := actor.Describe(c.user, c.host, environment(c.variables)); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

func TestActorIsOneShortVisibleLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", 5000)
	got := actor.Describe("a\x1b[31mda\nroot", "vm\u202e", environment(map[string]string{
		"GITHUB_ACTIONS": "true", "GITHUB_REPOSITORY": long, "GITHUB_WORKFLOW": long, "GITHUB_RUN_ID": long, "GITHUB_ACTOR": long,
		"GITHUB_TRIGGERING_ACTOR": long,
	}))
	if !strings.HasPrefix(got, `a\x1b[31mda root@vm\u202e; GitHub Actions`) {
		t.Errorf("control characters are not escaped: %q", got)
	}
	if n := utf8.RuneCountInString(got); n > actor.MaxLength || !utf8.ValidString(got) {
		t.Errorf("%d characters: %q", n, got)
	}
}

func TestActorOfThisProcessIsKnown(t *testing.T) {
	t.Parallel()
	if got := actor.Current(); got == "" || strings.ContainsAny(got, "\n\t") {
		t.Errorf("the actor is %q", got)
	}
}
