package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestAKeyThatEndsInWhiteSpaceIsTheSameKey(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	spaced := w.Step(acctest.CRM(acctest.JWTBearer, ""))
	spaced.ConfigVariables["private_key"] = config.StringVariable(w.Salesforce.App().PrivateKey + "\n\n")
	spaced.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	w.Test(w.Step(acctest.CRM(acctest.JWTBearer, "")), spaced)
}

func TestGrantIsSwitched(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	toRefresh := w.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	toRefresh.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate,
		plancheck.ExpectKnownValue(crmConnection, idPath, notNull))
	toRefresh.ConfigStateChecks = passingCRM()
	// The key's app would still take it; the connection has it no more.
	onlyRefresh := w.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	onlyRefresh.PreConfig = func() {
		endSessions(t, w)
		w.Salesforce.Forget()
	}
	onlyRefresh.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	onlyRefresh.ConfigStateChecks = passingCRM()
	revoked := w.Step(acctest.CRM("login_url = var.login_url", "") + acctest.CRMCheck)
	revoked.PreConfig = func() {
		for _, scheme := range schemes(w.Salesforce) {
			if scheme != salesforce.GrantRefreshToken {
				t.Errorf("after the switch to the refresh token it signed in with %s", scheme)
			}
		}
		if len(schemes(w.Salesforce)) == 0 {
			t.Error("nothing signed in after the sessions had ended")
		}
		if err := w.Salesforce.RevokeTokens(""); err != nil {
			t.Fatal(err)
		}
	}
	revoked.ConfigStateChecks = failingCRM(target.GivenCredentials)
	toClient := w.Step(acctest.CRM(acctest.ClientCredentials, "") + acctest.CRMCheck)
	toClient.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	toClient.ConfigStateChecks = passingCRM()
	toKey := w.Step(acctest.CRM(acctest.JWTBearer, "") + acctest.CRMCheck)
	toKey.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	toKey.ConfigStateChecks = passingCRM()
	w.Test(w.Step(acctest.CRM(acctest.JWTBearer, "")), toRefresh, onlyRefresh, revoked, toClient, toKey)
}

// endSessions makes the next call of the API fetch a token.
func endSessions(t *testing.T, w *acctest.World) {
	t.Helper()
	if err := w.Salesforce.ExpireSessions(""); err != nil {
		t.Fatalf("end the sessions: %v", err)
	}
}

func TestSecretsThatMakeNoSignInToSalesforce(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines string
		want  []string
	}{
		"none": {
			"login_url = var.login_url",
			[]string{"A New Connection Needs Credentials", "private_key_wo, or client_secret_wo, or refresh_token_wo"},
		},
		"two grants": {
			acctest.RefreshToken + "\nprivate_key_wo = var.private_key",
			[]string{"The Credentials Do Not Make a Sign-In Possible", "cannot be combined"},
		},
		"client credentials at the host of all": {
			`client_secret_wo = var.client_secret`,
			[]string{"The Credentials Do Not Make a Sign-In Possible", "My Domain"},
		},
		"a key that is none": {
			`private_key_wo = "secret-but-no-key"`,
			[]string{"Invalid Value", "private_key"},
		},
		"an organisation that is none": {
			acctest.JWTBearer + "\norganization_id = \"Example\"",
			[]string{"Invalid Value", "organization_id", "00D"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			w.Test(resource.TestStep{
				Config: w.Config(acctest.CRM(c.lines, "")), ConfigVariables: w.Variables(""),
				PlanOnly: true, ExpectError: says(c.want...),
			})
		})
	}
}

func TestChoiceOfTheGrantCanBeLeftToVariables(t *testing.T) {
	t.Parallel()
	const either = `login_url        = var.my_domain_url
    private_key_wo   = var.by_key ? var.private_key : null
    client_secret_wo = var.by_key ? null : var.client_secret`
	w := acctest.New(t)
	c := w.Command("variable \"by_key\" {\n  type = bool\n}\n" + acctest.CRM(either, "") + acctest.CRMCheck)
	c.Must("validate") // knows no variable
	c.Must("apply", "-auto-approve", "-var=by_key=true")
	c.Must("apply", "-auto-approve", "-var=by_key=false")
	c.Must("plan", "-detailed-exitcode", "-var=by_key=false")
	if last := schemes(w.Salesforce); last[len(last)-1] != salesforce.GrantClientCredentials {
		t.Errorf("signed in with %v, last of all with client credentials", last)
	}
}
