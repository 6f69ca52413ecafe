package actor

import "strings"

// pipeline is a service that runs pipelines, and the environment variables that it documents for its jobs.
type pipeline struct {
	name string
	// marker is a variable that is set in every job.
	marker string
	// variables are shown in this order, those that are set.
	variables []variable
}

// variable is an environment variable and what it means.
type variable struct{ meaning, name string }

// pipelines are the known services. HCP Terraform is first: its runs can be started by another service, which is then not in the
// environment of the run.
var pipelines = []pipeline{
	// https://developer.hashicorp.com/terraform/cloud-docs/workspaces/run/run-environment#environment-variables
	{"HCP Terraform", "TFC_RUN_ID", []variable{
		{"workspace", "TFC_WORKSPACE_SLUG"}, {"run", "TFC_RUN_ID"},
	}},
	// https://docs.github.com/actions/reference/workflows-and-actions/variables
	{"GitHub Actions", "GITHUB_ACTIONS", []variable{
		{"repository", "GITHUB_REPOSITORY"}, {"workflow", "GITHUB_WORKFLOW"}, {"run", "GITHUB_RUN_ID"}, {"actor", "GITHUB_ACTOR"},
		{"started by", "GITHUB_TRIGGERING_ACTOR"},
	}},
	// https://docs.gitlab.com/ci/variables/predefined_variables/
	{"GitLab CI/CD", "GITLAB_CI", []variable{
		{"project", "CI_PROJECT_PATH"}, {"pipeline", "CI_PIPELINE_ID"}, {"job", "CI_JOB_ID"}, {"user", "GITLAB_USER_LOGIN"},
	}},
	// https://learn.microsoft.com/azure/devops/pipelines/build/variables
	{"Azure Pipelines", "TF_BUILD", []variable{
		{"project", "SYSTEM_TEAMPROJECT"}, {"pipeline", "BUILD_DEFINITIONNAME"}, {"run", "BUILD_BUILDID"},
		{"requested for", "BUILD_REQUESTEDFOR"},
	}},
	// https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
	{"Bitbucket Pipelines", "BITBUCKET_BUILD_NUMBER", []variable{
		{"repository", "BITBUCKET_REPO_FULL_NAME"}, {"build", "BITBUCKET_BUILD_NUMBER"},
		{"started by", "BITBUCKET_STEP_TRIGGERER_UUID"},
	}},
	// https://circleci.com/docs/reference/variables/
	{"CircleCI", "CIRCLECI", []variable{
		{"organization", "CIRCLE_PROJECT_USERNAME"}, {"project", "CIRCLE_PROJECT_REPONAME"}, {"workflow", "CIRCLE_WORKFLOW_ID"},
		{"build", "CIRCLE_BUILD_NUM"}, {"user", "CIRCLE_USERNAME"},
	}},
	// https://buildkite.com/docs/pipelines/configure/environment-variables
	{"Buildkite", "BUILDKITE", []variable{
		{"organization", "BUILDKITE_ORGANIZATION_SLUG"}, {"pipeline", "BUILDKITE_PIPELINE_SLUG"},
		{"build", "BUILDKITE_BUILD_NUMBER"}, {"creator", "BUILDKITE_BUILD_CREATOR"},
	}},
	// https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables; the user is set by the plugin
	// https://plugins.jenkins.io/build-user-vars-plugin/
	{"Jenkins", "JENKINS_URL", []variable{
		{"job", "JOB_NAME"}, {"build", "BUILD_NUMBER"}, {"user", "BUILD_USER_ID"},
	}},
}

// describePipeline describes the run of the first service whose marker is set; empty outside of pipelines.
func describePipeline(getenv func(string) string) string {
	for _, p := range pipelines {
		if getenv(p.marker) != "" {
			return p.describe(getenv)
		}
	}
	return ""
}

// describe returns the service with the variables that are set.
func (p pipeline) describe(getenv func(string) string) string {
	var known []string
	for _, v := range p.variables {
		if value := clean(getenv(v.name)); value != "" {
			known = append(known, v.meaning+" "+value)
		}
	}
	if len(known) == 0 {
		return p.name
	}
	return p.name + ": " + strings.Join(known, ", ")
}
