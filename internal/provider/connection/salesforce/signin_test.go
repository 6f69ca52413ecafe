package salesforce_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const (
	crmConnection = "riva_connection.crm"
	crmTest       = "data.riva_connection_test.crm"
)

// grant is a grant of Salesforce.
type grant struct {
	// lines are those of the fixture. Scheme is the name in the stand-in.
	lines, scheme string
	// sent are the fields of a token request that have a secret of the configuration unchanged.
	sent func(*acctest.Environment) map[string]string
}

func grants() map[string]grant {
	secret := func(env *acctest.Environment) map[string]string {
		return map[string]string{"client_secret": env.Salesforce.App().Secret}
	}
	token := func(env *acctest.Environment) map[string]string {
		return map[string]string{"client_secret": env.Salesforce.App().Secret, "refresh_token": env.Salesforce.RefreshToken()}
	}
	signed := func(*acctest.Environment) map[string]string { return nil } // the key signs and is not sent
	return map[string]grant{
		"JWT bearer":         {acctest.JWTBearer, salesforce.GrantJWTBearer, signed},
		"client credentials": {acctest.ClientCredentials, salesforce.GrantClientCredentials, secret},
		"refresh token":      {acctest.RefreshToken, salesforce.GrantRefreshToken, token},
	}
}

// eachGrant runs a test for each grant.
func eachGrant(t *testing.T, test func(*testing.T, *acctest.Environment, grant)) {
	t.Helper()
	for name, g := range grants() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, acctest.New(t), g)
		})
	}
}

// expectCRMTestPassed expects that the connection test of [acctest.CRMCheck] passed.
func expectCRMTestPassed() []statecheck.StateCheck {
	return []statecheck.StateCheck{acctest.Expect(crmTest, "passed", knownvalue.Bool(true))}
}

// forms are the requests to the token endpoint.
func forms(t *testing.T, server *salesforce.Server) []url.Values {
	t.Helper()
	var all []url.Values
	for _, request := range server.Requests() {
		if request.Operation != "token" {
			continue
		}
		form, err := url.ParseQuery(string(request.Body))
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, form)
	}
	return all
}

// schemes are the schemes of the sign-ins, one for each attempt.
func schemes(server *salesforce.Server) []string {
	var all []string
	for _, signIn := range server.SignInList() {
		all = append(all, signIn.Scheme)
	}
	return all
}

func TestEveryGrantSignsInWithItsSecrets(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, env *acctest.Environment, g grant) {
		step := env.Step(acctest.CRM(g.lines, "") + acctest.CRMCheck)
		step.ConfigStateChecks = append(expectCRMTestPassed(),
			acctest.Expect(crmConnection, "system", knownvalue.StringExact("salesforce")),
			acctest.Expect(crmConnection, "kind", knownvalue.StringExact("crm")),
			acctest.Expect(crmConnection, "metadata_refreshed_at", knownvalue.NotNull()),
			acctest.Expect(crmConnection, "salesforce", knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"username": knownvalue.StringExact(env.Salesforce.Service().Username), "organization_id": knownvalue.Null(),
				"private_key_wo": knownvalue.Null(), "client_secret_wo": knownvalue.Null(), "refresh_token_wo": knownvalue.Null(),
			})),
			acctest.Expect(crmTest, "identity", knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"username":     knownvalue.StringExact(env.Salesforce.Service().Username),
				"organization": knownvalue.StringExact(env.Salesforce.Organization().Name),
			})),
		)
		again := env.Step(acctest.CRM(g.lines, "") + acctest.CRMCheck)
		again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
		env.Test(step, again)

		if slices.ContainsFunc(schemes(env.Salesforce), func(s string) bool { return s != g.scheme }) {
			t.Errorf("signed in with %v, want only %s", schemes(env.Salesforce), g.scheme)
		}
		if signIns := env.Salesforce.SignIns(); signIns.Rejected != 0 || signIns.Accepted == 0 {
			t.Errorf("%d sign-ins accepted and %d rejected", signIns.Accepted, signIns.Rejected)
		}
		for _, form := range forms(t, env.Salesforce) {
			for field, secret := range g.sent(env) {
				if form.Get(field) != secret {
					t.Errorf("a token request has another %s than the configuration", field)
				}
			}
		}
		for _, request := range env.Salesforce.Requests() {
			if strings.Contains(string(request.Body), "PRIVATE") {
				t.Errorf("%s %s was sent the private key", request.Method, request.Path)
			}
		}
	})
}

func TestRefreshTokenOfAnAppWithoutASecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.UpdateApp(func(a *salesforce.App) { a.SecretForRefresh = false })
	step := env.Step(acctest.CRM("login_url = var.login_url\nrefresh_token_wo = var.refresh_token", "") + acctest.CRMCheck)
	step.ConfigStateChecks = expectCRMTestPassed()
	env.Test(step)
}
