package provider_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// replaceResponse makes another answer of a control plane's answer.
func replaceResponse(resp *http.Response, status int, contentType string, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	resp.StatusCode, resp.Status = status, http.StatusText(status)
	resp.Header.Set("Content-Type", contentType)
	resp.Header.Del("Content-Length")
	resp.ContentLength = int64(len(raw))
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	return nil
}

// decode reads a control plane's answer.
func decode(resp *http.Response, into any) error { return json.NewDecoder(resp.Body).Decode(into) }

// withoutCompareScope is a control plane whose client lacks the scope to compare credentials.
func withoutCompareScope(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/credential-comparisons" {
		return nil
	}
	return replaceResponse(resp, http.StatusForbidden, "application/problem+json", api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemScope, Title: "Insufficient scope", Status: http.StatusForbidden,
	})
}

// comparisonLimitReached is a control plane that was asked to compare too often.
func comparisonLimitReached(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/credential-comparisons" {
		return nil
	}
	var answer api.ComparedCredentials
	if err := decode(resp, &answer); err != nil {
		return err
	}
	for i := range answer.Results {
		answer.Results[i].Result = ""
	}
	return replaceResponse(resp, http.StatusOK, "application/json", answer)
}

// withoutField is an older control plane that does not know one of the fields.
func withoutField(field string) func(*http.Response) error {
	return func(resp *http.Response) error {
		if resp.Request.URL.Path != "/v1/target-systems" {
			return nil
		}
		var known api.List[api.TargetSystem]
		if err := decode(resp, &known); err != nil {
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
		return replaceResponse(resp, http.StatusOK, "application/json", known)
	}
}

// withoutSystems is an older control plane that knows none of the target systems.
func withoutSystems(resp *http.Response) error {
	if resp.Request.URL.Path != "/v1/target-systems" {
		return nil
	}
	return replaceResponse(resp, http.StatusOK, "application/json", api.List[api.TargetSystem]{Items: []api.TargetSystem{}})
}

func TestSharedControlPlane(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Serve(nil)
	w.Test(w.Step(acctest.Mail("")+acctest.Check), resource.TestStep{
		PreConfig: func() { setPassword(t, w, rotated) },
		Config:    w.Config(acctest.Mail("") + acctest.Check), ConfigVariables: w.Variables(rotated),
		ConfigPlanChecks:  acctest.Planned(mail, plancheck.ResourceActionUpdate),
		ConfigStateChecks: expectTestPassed(),
	})
}

func TestMissingCompareScopeWarnsOnce(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Serve(withoutCompareScope)
	second := strings.ReplaceAll(strings.ReplaceAll(acctest.Mail(""), `"mail"`, `"second"`), `"Exchange"`, `"Second"`)
	c := w.Command(acctest.Mail("") + second)
	c.Must("apply", "-auto-approve")
	c.Env = append(c.Env, "TF_VAR_password=another")
	out, err := c.Run("plan", "-detailed-exitcode")
	if err != nil {
		t.Fatalf("the plan is not empty: %v\n%s", err, out)
	}
	if n := strings.Count(out, "Changed Credentials Are Not Detected in This Run"); n != 1 {
		t.Errorf("the plan of two connections has %d warnings that nothing is compared, want one:\n%s", n, out)
	}
}

func TestComparisonLimitWarns(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Serve(comparisonLimitReached)
	c := w.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	out := c.Must("plan", "-detailed-exitcode")
	if !strings.Contains(out, "Changed Credentials Are Not Detected") {
		t.Errorf("no warning that the comparison was withheld:\n%s", out)
	}
}

func TestOlderControlPlaneFailsPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Serve(withoutField("mailbox"))
	step := w.Step(strings.ReplaceAll(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
		mailbox = "svc@example.com"`))
	step.PlanOnly = true
	step.ExpectError = matchText("The Control Plane Is Too Old for This Configuration", "mailbox", "version "+acctest.Version+
		" of the provider")
	w.Test(step)
}

func TestUnknownSystemFailsPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	w.Serve(withoutSystems)
	step := w.Step(acctest.Mail(""))
	step.PlanOnly = true
	step.ExpectError = matchText("The Control Plane Is Too Old for This Configuration", "Microsoft Exchange", "version "+acctest.Version+
		" of the control plane", "version "+acctest.Version+" of the provider")
	w.Test(step)
}

func TestConnectionOfUnknownSystemIsError(t *testing.T) {
	t.Parallel()
	w := newGrantsWorld(t)
	connection, err := w.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Desk", System: "desk", Settings: map[string]string{"region": "eu"},
		Credentials: map[string]string{"api_key": "right"},
	})
	if err != nil {
		t.Fatal(err)
	}
	w.Systems = catalog.All() // the provider's from now on; the control plane goes on knowing more
	step := w.Step(acctest.Mail("") + importBlock(connection.ID))
	step.ExpectError = matchText("The Provider Is Too Old for This Connection", `"desk"`, acctest.Version)
	w.Test(step)
}
