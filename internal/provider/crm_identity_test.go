package provider_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// somebodyElse is a colleague in the service user's organisation, elsewhereUser one of another organisation.
const (
	somebodyElse  = "somebody@example.com"
	elsewhereUser = "riva-sync@example.org"
)

const wrongIdentity = "Signed In to the Target System as Another User"

// runAs makes the app's client credentials flow sign in as a user.
func runAs(t *testing.T, w *acctest.World, username string) {
	t.Helper()
	updateApp(t, w, func(a *salesforce.App) { a.RunAs = username })
}

// tokenOf is a refresh token of a user.
func tokenOf(t *testing.T, w *acctest.World, username string) config.Variable {
	t.Helper()
	token, err := w.Salesforce.Approve(username)
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
		change func(*testing.T, *acctest.World, config.Variables)
		field  string
	}{
		"the app runs as somebody else": {
			acctest.ClientCredentials,
			func(t *testing.T, w *acctest.World, _ config.Variables) {
				t.Helper()
				runAs(t, w, somebodyElse)
			},
			"salesforce.username",
		},
		"somebody else's token": {
			acctest.RefreshToken,
			func(t *testing.T, w *acctest.World, v config.Variables) {
				t.Helper()
				v["refresh_token"] = tokenOf(t, w, somebodyElse)
			},
			"salesforce.username",
		},
		"another organisation": {
			acctest.JWTBearer + "\norganization_id = \"" + otherOrganization + "\"",
			func(*testing.T, *acctest.World, config.Variables) {},
			"salesforce.organization_id",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			step := w.Step(acctest.CRM(c.lines, ""))
			c.change(t, w, step.ConfigVariables)
			step.ExpectError = says(wrongIdentity, "Nothing was created.", c.field)
			w.Test(step)
			expectNone(t, w)()
		})
	}
}

// The guide says so: who signed in is only seen after Salesforce has replaced the refresh token.
func TestRotatedRefreshTokenIsUsedUpByAFailedCreate(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	updateApp(t, w, func(a *salesforce.App) { a.RotateRefreshTokens = true })
	elsewhere := acctest.RefreshToken + "\norganization_id = \"00D5g000004SimB\""
	refused := w.Step(acctest.CRM(elsewhere, ""))
	refused.ExpectError = says(wrongIdentity, "Nothing was created.")
	usedUp := w.Step(acctest.CRM(acctest.RefreshToken, ""))
	usedUp.ExpectError = says("Cannot Connect to the Target System with Given Credentials", "salesforce.refresh_token_wo")
	another := w.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	another.ConfigVariables["refresh_token"] = tokenOf(t, w, w.Salesforce.Service().Username)
	another.ConfigStateChecks = passingCRM()
	w.Test(refused, usedUp, another)
}

func TestOrganizationIDIsTheSameInBothForms(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	id := w.Salesforce.Organization().ID
	long := w.Step(acctest.CRM(acctest.JWTBearer+"\norganization_id = \""+id+"\"", "") + acctest.CRMCheck)
	long.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	long.ConfigStateChecks = passingCRM()
	w.Test(w.Step(acctest.CRM(acctest.JWTBearer+"\norganization_id = \""+id[:15]+"\"", "")), long)
}

// stays fails the test if what is stored is not as it was when it was called first. What a failed attempt found out, the
// status of the connection may tell.
func stays(t *testing.T, w *acctest.World) func() {
	t.Helper()
	var first *api.Connection
	return func() {
		t.Helper()
		now, err := w.Client().ConnectionByName(t.Context(), "Salesforce")
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
	w := acctest.New(t)
	unchanged := stays(t, w)
	other := w.Step(acctest.CRM(acctest.RefreshToken, ""))
	other.ConfigVariables["refresh_token"] = tokenOf(t, w, somebodyElse)
	other.PreConfig = unchanged
	other.ExpectError = says(wrongIdentity, "what was stored before stays in force", "salesforce.username")
	abroad := w.Step(acctest.CRM(acctest.RefreshToken, ""))
	abroad.ConfigVariables["refresh_token"] = tokenOf(t, w, elsewhereUser)
	abroad.ExpectError = says(wrongIdentity, "what was stored before stays in force")
	again := w.Step(acctest.CRM(acctest.RefreshToken, "") + acctest.CRMCheck)
	again.PreConfig = unchanged
	again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = passingCRM()
	w.Test(w.Step(acctest.CRM(acctest.RefreshToken, "")), other, abroad, again)
}

func TestUpdateToAnotherOrganizationStoresNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	unchanged := stays(t, w)
	other := w.Step(acctest.CRM(acctest.JWTBearer+"\norganization_id = \"00D5g000004SimB\"", ""))
	other.PreConfig = unchanged
	other.ExpectError = says(wrongIdentity, "what was stored before stays in force", "salesforce.organization_id")
	again := w.Step(acctest.CRM(acctest.JWTBearer, "") + acctest.CRMCheck)
	again.PreConfig = unchanged
	again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = passingCRM()
	w.Test(w.Step(acctest.CRM(acctest.JWTBearer, "")), other, again)
}

func TestRevalidationWithOtherIdentityFails(t *testing.T) {
	t.Parallel()
	runAsSomebody := func(t *testing.T, w *acctest.World) (mend func()) {
		t.Helper()
		runAs(t, w, somebodyElse)
		return func() { runAs(t, w, w.Salesforce.Service().Username) }
	}
	moveUser := func(t *testing.T, w *acctest.World) (mend func()) {
		t.Helper()
		home := w.Salesforce.Service().OrganizationID
		abroad, err := w.Salesforce.User(elsewhereUser)
		if err != nil {
			t.Fatal(err)
		}
		updateService(t, w, func(u *salesforce.User) { u.OrganizationID = abroad.OrganizationID })
		return func() { updateService(t, w, func(u *salesforce.User) { u.OrganizationID = home }) }
	}
	organization := "\norganization_id = \"00D5g000004SimA\""
	for name, c := range map[string]struct {
		created, revalidated string
		change               func(*testing.T, *acctest.World) (mend func())
	}{
		"with what is configured": {acctest.ClientCredentials, acctest.ClientCredentials, runAsSomebody},
		"with what is stored":     {acctest.ClientCredentials, "login_url = var.my_domain_url", runAsSomebody},
		"in another organisation": {acctest.JWTBearer + organization, "login_url = var.login_url" + organization, moveUser},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			unchanged := stays(t, w)
			var mend func()
			wrong := w.Step(acctest.CRM(c.revalidated, trigger("two")))
			wrong.PreConfig = func() {
				unchanged()
				mend = c.change(t, w)
			}
			wrong.ExpectError = says(wrongIdentity, "what was stored before stays in force")
			right := w.Step(acctest.CRM(c.created, trigger("one")) + acctest.CRMCheck)
			right.PreConfig = func() {
				unchanged()
				mend()
				endSessions(t, w)
			}
			right.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
			right.ConfigStateChecks = passingCRM()
			w.Test(w.Step(acctest.CRM(c.created, trigger("one"))), wrong, right)
		})
	}
}
