//go:build unix

package checkout_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// atlantisStep is a step of a custom workflow: a built-in step, or one with settings.
type atlantisStep struct {
	builtIn string
	Env     *struct{ Name, Value, Command string }
}

func (s *atlantisStep) UnmarshalJSON(text []byte) error {
	if json.Unmarshal(text, &s.builtIn) == nil {
		return nil
	}
	type plain atlantisStep
	return json.Unmarshal(text, (*plain)(s))
}

type atlantisStage struct{ Steps []atlantisStep }

// atlantis runs stages as Atlantis does: in one folder for each pull request, with its own environment and that of env steps.
type atlantis struct {
	*runner
	repository struct {
		Version  int
		Projects []struct {
			Name, Dir, Workflow string
			ApplyRequirements   []string `json:"apply_requirements"`
			Autoplan            struct {
				WhenModified []string `json:"when_modified"`
			}
		}
		Workflows map[string]struct{ Plan, Apply atlantisStage }
	}
	server map[string]string
	pull   string
}

// builtInSteps has the commands of the built-in steps: https://www.runatlantis.io/docs/custom-workflows.html.
var builtInSteps = map[string]string{
	"init":  "terraform init -input=false",
	"plan":  "terraform plan -input=false -refresh -out riva-default.tfplan",
	"apply": "terraform apply -input=false riva-default.tfplan",
}

func newAtlantis(t *testing.T) *atlantis {
	t.Helper()
	a := &atlantis{runner: newRunner(t)}
	a.readPipeline(t, "atlantis.yaml", &a.repository)
	a.program(t, "vault", "[ \"$*\" = 'kv get -field=password secret/riva/exchange' ]\nprintf '%s' '"+
		a.variables["TF_VAR_exchange_password"]+"'\n")
	a.server = maps.Clone(a.variables)
	delete(a.server, "TF_VAR_exchange_password")
	maps.Copy(a.server, a.pod(t))
	maps.Copy(a.server, map[string]string{
		"TF_IN_AUTOMATION": "true", "TF_HTTP_ADDRESS": a.address + "/riva",
		"TF_HTTP_USERNAME": a.states.user, "TF_HTTP_PASSWORD": a.states.token,
	})
	a.pull = a.folder(t)
	return a
}

// pod returns the environment of the pod, with the file that Kubernetes mounts: the identity of a service account
// (https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/).
func (a *atlantis) pod(t *testing.T) map[string]string {
	t.Helper()
	type named struct{ Name, Value, MountPath string }
	var pod struct {
		Containers []struct{ Env, VolumeMounts []named }
		Volumes    []struct {
			Projected struct {
				Sources []struct {
					ServiceAccountToken struct{ Path, Audience string }
				}
			}
		}
	}
	must(t, json.Unmarshal(a.readPipelines(t)["atlantis-pod.yaml"], &pod))
	a.plane = a.newShared(t, "pipelines-atlantis")
	a.plane.issuer.run(map[string]any{"sub": "system:serviceaccount:atlantis:atlantis"})
	container, source := pod.Containers[0], pod.Volumes[0].Projected.Sources[0].ServiceAccountToken
	identity := a.plane.issuer.token(t, strings.ReplaceAll(source.Audience, publicURL, a.plane.url))
	must(t, os.WriteFile(filepath.Join(a.home, source.Path), []byte(identity), 0o600))
	environment := map[string]string{}
	for _, variable := range container.Env {
		environment[variable.Name] = strings.ReplaceAll(variable.Value, container.VolumeMounts[0].MountPath, a.home)
	}
	environment["RIVA_CLIENT_ID"] = a.plane.clientID
	return environment
}

// stage runs the steps of a stage until one fails.
func (a *atlantis) stage(t *testing.T, stage atlantisStage) (string, error) {
	t.Helper()
	environment, output := maps.Clone(a.server), ""
	for _, step := range stage.Steps {
		lines := builtInSteps[step.builtIn]
		if step.Env != nil {
			lines = step.Env.Command
		}
		out, err := a.script(t, a.pull, lines, environment)
		switch {
		case lines == "" && (step.Env == nil || step.Env.Value == ""):
			t.Fatalf("a step does nothing: %+v", step)
		case step.Env == nil:
			output += out
		case step.Env.Command != "":
			environment[step.Env.Name] = strings.TrimSpace(out)
		default:
			environment[step.Env.Name] = step.Env.Value
		}
		if err != nil {
			return output + out, err
		}
	}
	return output, nil
}

// Runs the stages of the workflow for Atlantis. The saved plan is applied with the secret, which is fetched again.
func TestAtlantisWorkflow(t *testing.T) {
	t.Parallel()
	a := newAtlantis(t)
	if len(a.repository.Projects) != 1 {
		t.Fatalf("there are %d projects", len(a.repository.Projects))
	}
	workflow, ok := a.repository.Workflows[a.repository.Projects[0].Workflow]
	if !ok {
		t.Fatalf("the project's workflow is not one of %v", a.repository.Workflows)
	}
	out, err := a.stage(t, workflow.Plan)
	expectOutput(t, out, err, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	withoutSecrets := atlantisStage{Steps: workflow.Apply.Steps[len(workflow.Apply.Steps)-1:]}
	out, err = a.stage(t, withoutSecrets)
	missing := "exchange_password"
	if a.version[1] == "OpenTofu" { // it uses the default
		missing = "Credentials Required"
	}
	expectOutput(t, out, err, false, missing)
	out, err = a.stage(t, workflow.Plan) // OpenTofu has started to apply the first one
	expectOutput(t, out, err, true)
	out, err = a.stage(t, workflow.Apply)
	expectOutput(t, out, err, true, "1 added, 0 changed, 0 destroyed.")
}
