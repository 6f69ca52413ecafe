package salesforce_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestKeyWhitespaceIsIgnored(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	spaced := env.Step(acctest.CRM(acctest.JWTBearer, ""))
	spaced.ConfigVariables["private_key"] = config.StringVariable(env.Salesforce.App().PrivateKey + "\n\n")
	spaced.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, "")), spaced)
}

func TestGrantIsSwitched(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	toRefresh := env.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	toRefresh.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate,
		plancheck.ExpectKnownValue(crmConnection, idPath, notNull))
	toRefresh.ConfigStateChecks = expectCRMTestPassed()
	// The app would still accept the key, but the connection does not have it any more.
	onlyRefresh := env.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	onlyRefresh.PreConfig = func() {
		env.EndSessions()
		env.Salesforce.Forget()
	}
	onlyRefresh.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	onlyRefresh.ConfigStateChecks = expectCRMTestPassed()
	revoked := env.Step(acctest.CRM("login_url = var.login_url", "") + acctest.CRMCheck)
	revoked.PreConfig = func() {
		for _, scheme := range schemes(env.Salesforce) {
			if scheme != salesforce.GrantRefreshToken {
				t.Errorf("after the change to the refresh token it signed in with %s", scheme)
			}
		}
		if len(schemes(env.Salesforce)) == 0 {
			t.Error("nothing signed in after the sessions had ended")
		}
		if err := env.Salesforce.RevokeTokens(""); err != nil {
			t.Fatal(err)
		}
	}
	revoked.ConfigStateChecks = expectCRMFault(target.GivenCredentials)
	toClient := env.Step(acctest.CRM(acctest.ClientCredentials, "") + acctest.CRMCheck)
	toClient.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	toClient.ConfigStateChecks = expectCRMTestPassed()
	toKey := env.Step(acctest.CRM(acctest.JWTBearer, "") + acctest.CRMCheck)
	toKey.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	toKey.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, "")), toRefresh, onlyRefresh, revoked, toClient, toKey)
}

func TestInvalidSalesforceCredentialsFailPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines string
		want  []string
	}{
		"two grants": {
			acctest.RefreshToken + "\nprivate_key_wo = var.private_key",
			[]string{"Incomplete Credentials", "cannot be combined"},
		},
		"client credentials at the host of all": {
			`client_secret_wo = var.client_secret`,
			[]string{"Incomplete Credentials", "My Domain"},
		},
		"an invalid key": {
			`private_key_wo = "secret-but-no-key"`,
			[]string{"Invalid Value", "private_key"},
		},
		"an invalid organization": {
			acctest.JWTBearer + "\norganization_id = \"Example\"",
			[]string{"Invalid Value", "organization_id", "00D"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			env.Test(resource.TestStep{
				Config: env.Config(acctest.CRM(c.lines, "")), ConfigVariables: env.Variables(""),
				PlanOnly: true, ExpectError: acctest.MatchText(c.want...),
			})
		})
	}
}

func TestGrantFromVariables(t *testing.T) {
	t.Parallel()
	const either = `login_url        = var.my_domain_url
    private_key_wo   = var.by_key ? var.private_key : null
    client_secret_wo = var.by_key ? null : var.client_secret`
	env := acctest.New(t)
	c := env.Command("variable \"by_key\" {\n  type = bool\n}\n" + acctest.CRM(either, "") + acctest.CRMCheck)
	c.Must("validate") // without values of the variables
	c.Must("apply", "-auto-approve", "-var=by_key=true")
	c.Must("apply", "-auto-approve", "-var=by_key=false")
	c.Must("plan", "-detailed-exitcode", "-var=by_key=false")
	if last := schemes(env.Salesforce); last[len(last)-1] != salesforce.GrantClientCredentials {
		t.Errorf("signed in with %v, last of all with client credentials", last)
	}
}
