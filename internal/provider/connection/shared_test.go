package connection_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// withoutKeys removes the comparison keys from the responses of a control plane.
func withoutKeys(resp *http.Response) error {
	return changeConnections(resp, func(connection map[string]any) {
		delete(connection, "credentials_set")
		delete(connection, "comparison_key")
	})
}

// changeConnections changes the connections in responses that include comparison keys.
func changeConnections(resp *http.Response, change func(connection map[string]any)) error {
	if !resp.Request.URL.Query().Has("include") || resp.StatusCode >= http.StatusBadRequest {
		return nil
	}
	var body map[string]any
	if err := acctest.DecodeResponse(resp, &body); err != nil {
		return err
	}
	items, _ := body["items"].([]any)
	for _, item := range append(items, body) {
		if connection, ok := item.(map[string]any); ok {
			change(connection)
		}
	}
	return acctest.ReplaceResponse(resp, resp.StatusCode, "application/json", body)
}

// withoutCompareScope is a control plane whose client does not have the scope to compare credentials.
func withoutCompareScope(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/credential-comparisons" {
		return withoutKeys(resp)
	}
	return acctest.ReplaceResponse(resp, http.StatusForbidden, "application/problem+json", api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemScope, Title: "Insufficient scope", Status: http.StatusForbidden,
	})
}

// comparisonLimitReached is a control plane that has compared too many credentials, and has no comparison keys.
func comparisonLimitReached(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/credential-comparisons" {
		return withoutKeys(resp)
	}
	var compared api.ComparedCredentials
	if err := acctest.DecodeResponse(resp, &compared); err != nil {
		return err
	}
	for i := range compared.Results {
		compared.Results[i].Result = ""
	}
	return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", compared)
}

// withoutField is an older control plane that does not have one of the fields.
func withoutField(field string) func(*http.Response) error {
	return func(resp *http.Response) error {
		if resp.Request.URL.Path != "/v1/target-systems" {
			return nil
		}
		var known api.List[api.TargetSystem]
		if err := acctest.DecodeResponse(resp, &known); err != nil {
			return err
		}
		for i, system := range known.Items {
			var fields []api.TargetField
			for _, f := range system.Fields {
				if f.Name != field {
					fields = append(fields, f)
				}
			}
			known.Items[i].Fields = fields
		}
		return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", known)
	}
}

// withoutSystems is an older control plane that has none of the target systems.
func withoutSystems(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/target-systems" {
		return nil
	}
	return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", api.List[api.TargetSystem]{Items: []api.TargetSystem{}})
}

func TestSharedControlPlane(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(nil)
	env.Test(env.Step(acctest.Mail("")+acctest.Check), resource.TestStep{
		PreConfig: func() { env.SetPassword(acctest.NewPassword) },
		Config:    env.Config(acctest.Mail("") + acctest.Check), ConfigVariables: env.Variables(acctest.NewPassword),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	})
}

func TestMissingCompareScopeWarnsOnce(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(withoutCompareScope)
	second := strings.ReplaceAll(strings.ReplaceAll(acctest.Mail(""), `"mail"`, `"second"`), `"Exchange"`, `"Second"`)
	c := env.Command(acctest.Mail("") + second)
	c.Must("apply", "-auto-approve")
	c.Env = append(c.Env, "TF_VAR_password=another")
	out, err := c.Run("plan", "-detailed-exitcode")
	if err != nil {
		t.Fatalf("the plan is not empty: %v\n%s", err, out)
	}
	if n := strings.Count(out, "Credential Changes Cannot Be Detected"); n != 1 {
		t.Errorf("the plan of two connections has %d warnings that nothing is compared, want one:\n%s", n, out)
	}
}

func TestComparisonLimitWarns(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(comparisonLimitReached)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	out := c.Must("plan", "-detailed-exitcode")
	if !strings.Contains(out, "Changed Credentials Are Not Detected") {
		t.Errorf("no warning that the comparison was withheld:\n%s", out)
	}
}

func TestOlderControlPlaneFailsPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(withoutField("mailbox"))
	step := env.Step(strings.ReplaceAll(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
		mailbox = "svc@example.com"`))
	step.PlanOnly = true
	step.ExpectError = acctest.MatchText(
		"The Control Plane Is Too Old for This Configuration", "mailbox", "version "+acctest.Version+" of the provider")
	env.Test(step)
}

func TestUnknownSystemFailsPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Serve(withoutSystems)
	step := env.Step(acctest.Mail(""))
	step.PlanOnly = true
	step.ExpectError = acctest.MatchText("The Control Plane Is Too Old for This Configuration", "Microsoft Exchange",
		"version "+acctest.Version+" of the control plane", "version "+acctest.Version+" of the provider")
	env.Test(step)
}

func TestConnectionOfUnknownSystemIsError(t *testing.T) {
	t.Parallel()
	env := newGrantsEnvironment(t)
	connection, err := env.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Desk", System: "desk", Settings: map[string]string{"region": "eu"},
		Credentials: map[string]string{"api_key": "right"},
	})
	if err != nil {
		t.Fatal(err)
	}
	env.Systems = catalog.All() // of the provider from now on; the control plane still has more
	step := env.Step(acctest.Mail("") + importBlock(connection.ID))
	step.ExpectError = acctest.MatchText("The Provider Is Too Old for This Connection", `"desk"`, acctest.Version)
	env.Test(step)
}
