package salesforce_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// otherUser is a user in the service user's organization, elsewhereUser a user in another organization.
const (
	otherUser     = "somebody@example.com"
	elsewhereUser = "riva-sync@example.org"
)

var wrongIdentity = target.WrongIdentity.Title()

// runAs makes the app's client credentials flow sign in as a user.
func runAs(t *testing.T, env *acctest.Environment, username string) {
	t.Helper()
	env.UpdateApp(func(a *salesforce.App) { a.RunAs = username })
}

// tokenOf is a refresh token of a user.
func tokenOf(t *testing.T, env *acctest.Environment, username string) config.Variable {
	t.Helper()
	token, err := env.Salesforce.Approve(username)
	if err != nil {
		t.Fatal(err)
	}
	return config.StringVariable(token)
}

func TestCreateAsOtherSalesforceUserFails(t *testing.T) {
	t.Parallel()
	const otherOrganization = "00D5g000004SimB"
	for name, c := range map[string]struct {
		lines  string
		change func(*testing.T, *acctest.Environment, config.Variables)
		field  string
	}{
		"the app runs as another user": {
			acctest.ClientCredentials,
			func(t *testing.T, env *acctest.Environment, _ config.Variables) {
				t.Helper()
				runAs(t, env, otherUser)
			},
			"salesforce.username",
		},
		"the token of another user": {
			acctest.RefreshToken,
			func(t *testing.T, env *acctest.Environment, v config.Variables) {
				t.Helper()
				v["refresh_token"] = tokenOf(t, env, otherUser)
			},
			"salesforce.username",
		},
		"another organization": {
			acctest.JWTBearer + "\norganization_id = \"" + otherOrganization + "\"",
			func(*testing.T, *acctest.Environment, config.Variables) {},
			"salesforce.organization_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step(acctest.CRM(c.lines, ""))
			c.change(t, env, step.ConfigVariables)
			step.ExpectError = acctest.MatchText(wrongIdentity, "Nothing was created.", c.field)
			env.Test(step)
			env.ExpectNoConnections()
		})
	}
}

// The account is known only after Salesforce has replaced the refresh token. The replacement is stored, so that the submitted
// token works again for the same user.
func TestFailedCreateKeepsRotatedToken(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true })
	elsewhere := acctest.RefreshToken + "\norganization_id = \"00D5g000004SimB\""
	rejected := env.Step(acctest.CRM(elsewhere, ""))
	rejected.ExpectError = acctest.MatchText(wrongIdentity, "Nothing was created.",
		"replaced refresh_token during this sign-in", "uses the replacement")
	corrected := env.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	corrected.ConfigStateChecks = expectCRMTestPassed()
	env.Test(rejected, corrected)
}

func TestOrganizationIDIsTheSameInBothForms(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	id := env.Salesforce.Organization().ID
	long := env.Step(acctest.CRM(acctest.JWTBearer+"\norganization_id = \""+id+"\"", "") + acctest.CRMCheck)
	long.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	long.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer+"\norganization_id = \""+id[:15]+"\"", "")), long)
}

// expectUnchanged fails the test if the stored connection is not as it was at the first call. Its status can change, since a
// failed attempt can change that.
func expectUnchanged(t *testing.T, env *acctest.Environment) func() {
	t.Helper()
	var first *api.Connection
	return func() {
		t.Helper()
		now, err := env.Client().ConnectionByName(t.Context(), "Salesforce")
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = &now
		}
		if now.MetadataRefreshedAt == nil {
			t.Fatal("the connection has no metadata")
		}
		if now.Revision != first.Revision || !now.MetadataRefreshedAt.Equal(*first.MetadataRefreshedAt) ||
			!now.CredentialsUpdatedAt.Equal(*first.CredentialsUpdatedAt) {
			t.Errorf("the connection went from %+v to %+v", *first, now)
		}
	}
}

func TestUpdateToAnotherUsersTokenStoresNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	unchanged := expectUnchanged(t, env)
	other := env.Step(acctest.CRM(acctest.RefreshToken, ""))
	other.ConfigVariables["refresh_token"] = tokenOf(t, env, otherUser)
	other.PreConfig = unchanged
	other.ExpectError = acctest.MatchText(wrongIdentity, "what was stored before stays in force", "salesforce.username")
	abroad := env.Step(acctest.CRM(acctest.RefreshToken, ""))
	abroad.ConfigVariables["refresh_token"] = tokenOf(t, env, elsewhereUser)
	abroad.ExpectError = acctest.MatchText(wrongIdentity, "what was stored before stays in force")
	again := env.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	again.PreConfig = unchanged
	again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(acctest.CRM(acctest.RefreshToken, "")), other, abroad, again)
}

func TestUpdateToAnotherOrganizationStoresNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	unchanged := expectUnchanged(t, env)
	other := env.Step(acctest.CRM(acctest.JWTBearer+"\norganization_id = \"00D5g000004SimB\"", ""))
	other.PreConfig = unchanged
	other.ExpectError = acctest.MatchText(wrongIdentity, "what was stored before stays in force", "salesforce.organization_id")
	again := env.Step(acctest.CRM(acctest.JWTBearer, "") + acctest.CRMCheck)
	again.PreConfig = unchanged
	again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, "")), other, again)
}

func TestRevalidationWithOtherIdentityFails(t *testing.T) {
	t.Parallel()
	runAsOtherUser := func(t *testing.T, env *acctest.Environment) (restore func()) {
		t.Helper()
		runAs(t, env, otherUser)
		return func() { runAs(t, env, env.Salesforce.Service().Username) }
	}
	moveUser := func(t *testing.T, env *acctest.Environment) (restore func()) {
		t.Helper()
		home := env.Salesforce.Service().OrganizationID
		abroad, err := env.Salesforce.User(elsewhereUser)
		if err != nil {
			t.Fatal(err)
		}
		updateService(t, env, func(u *salesforce.User) { u.OrganizationID = abroad.OrganizationID })
		return func() { updateService(t, env, func(u *salesforce.User) { u.OrganizationID = home }) }
	}
	organization := "\norganization_id = \"00D5g000004SimA\""
	for name, c := range map[string]struct {
		lines  string
		change func(*testing.T, *acctest.Environment) (restore func())
	}{
		"as another user":         {acctest.ClientCredentials, runAsOtherUser},
		"in another organization": {acctest.JWTBearer + organization, moveUser},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			unchanged := expectUnchanged(t, env)
			var restore func()
			wrong := env.Step(acctest.CRM(c.lines, trigger("two")))
			wrong.PreConfig = func() {
				unchanged()
				restore = c.change(t, env)
			}
			wrong.ExpectError = acctest.MatchText(wrongIdentity, "what was stored before stays in force")
			right := env.Step(acctest.CRM(c.lines, trigger("one")) + acctest.CRMCheck)
			right.PreConfig = func() {
				unchanged()
				restore()
				env.EndSessions()
			}
			right.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
			right.ConfigStateChecks = expectCRMTestPassed()
			env.Test(env.Step(acctest.CRM(c.lines, trigger("one"))), wrong, right)
		})
	}
}
