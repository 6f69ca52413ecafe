package salesforce_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

var (
	idPath       = tfjsonpath.New("id")
	metadataPath = tfjsonpath.New("metadata_refreshed_at")
	notNull      = knownvalue.NotNull()
)

func trigger(value string) string { return fmt.Sprintf("revalidation_trigger = %q", value) }

func TestTriggerRevalidates(t *testing.T) {
	t.Parallel()
	eachGrant(t, func(t *testing.T, env *acctest.Environment, g grant) {
		same, differ := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesDiffer())
		unchanged := statecheck.CompareValue(compare.ValuesSame())
		created := env.Step(acctest.CRM(g.lines, ""))
		created.ConfigStateChecks = []statecheck.StateCheck{same.AddStateValue(crmConnection, metadataPath)}
		// A first value is only recorded.
		recorded := env.Step(acctest.CRM(g.lines, trigger("one")))
		recorded.PreConfig = env.Salesforce.Forget
		recorded.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
		recorded.ConfigStateChecks = []statecheck.StateCheck{
			same.AddStateValue(crmConnection, metadataPath), differ.AddStateValue(crmConnection, metadataPath),
		}

		changed := env.Step(acctest.CRM(g.lines, trigger("two")) + acctest.CRMCheck)
		changed.PreConfig = func() {
			if attempts := env.Salesforce.SignIns().Attempts; attempts != 0 {
				t.Errorf("a first value of the trigger signed in %d times", attempts)
			}
		}
		changed.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate,
			plancheck.ExpectUnknownValue(crmConnection, metadataPath),
			plancheck.ExpectUnknownValue(crmConnection, tfjsonpath.New("last_modified_at")),
			plancheck.ExpectKnownValue(crmConnection, idPath, notNull))
		changed.ConfigStateChecks = append(expectCRMTestPassed(),
			differ.AddStateValue(crmConnection, metadataPath), unchanged.AddStateValue(crmConnection, metadataPath))

		again := env.Step(acctest.CRM(g.lines, trigger("two")) + acctest.CRMCheck)
		again.PreConfig = func() {
			if attempts := env.Salesforce.SignIns().Attempts; attempts == 0 {
				t.Error("the re-validation did not sign in again")
			}
		}
		again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
		gone := env.Step(acctest.CRM(g.lines, ""))
		gone.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
		gone.ConfigStateChecks = []statecheck.StateCheck{unchanged.AddStateValue(crmConnection, metadataPath)}
		env.Test(created, recorded, changed, again, gone)
	})
}

func TestRevalidationWithANewToken(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := acctest.CRM(acctest.RefreshToken, trigger("one")) + acctest.CRMCheck
	revoked := env.Step(body)
	revoked.PreConfig = func() {
		if err := env.Salesforce.RevokeTokens(""); err != nil {
			t.Fatal(err)
		}
	}
	revoked.ConfigStateChecks = expectCRMFault(target.GivenCredentials)
	corrected := env.Step(acctest.CRM(acctest.RefreshToken, trigger("two")) + acctest.CRMCheck)
	corrected.PreConfig = func() {
		corrected.ConfigVariables["refresh_token"] = tokenOf(t, env, env.Salesforce.Service().Username)
	}
	corrected.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionUpdate)
	corrected.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(body), revoked, corrected)
}

func TestTriggerNeedsOAuthSystem(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := env.Step(acctest.Mail(trigger("one")))
	step.PlanOnly = true
	step.ExpectError = acctest.MatchText(
		"Invalid Value", "Microsoft Exchange does not support re-validation", "revalidation_trigger")
	env.Test(step)
}

func TestRotatedRefreshTokenIsNoDrift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true })
	body := acctest.CRM(acctest.RefreshToken, trigger("one")) + acctest.CRMCheck
	steps := []resource.TestStep{env.Step(body)}
	for range 3 {
		again := env.Step(body)
		again.PreConfig = func() { env.EndSessions() } // so that each fetches a token with the last one
		again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
		again.ConfigStateChecks = expectCRMTestPassed()
		steps = append(steps, again)
	}
	revalidated := env.Step(acctest.CRM(acctest.RefreshToken, trigger("two")) + acctest.CRMCheck)
	revalidated.ConfigStateChecks = expectCRMTestPassed()
	env.Test(append(steps, revalidated)...)
	shown := map[string]bool{}
	for _, form := range forms(t, env.Salesforce) {
		shown[form.Get("refresh_token")] = true
	}
	if len(shown) < 5 {
		t.Errorf("Salesforce was shown %d different refresh tokens, want one for each sign-in", len(shown))
	}
}

func TestFailedRevalidationKeepsCredentials(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	unchanged := expectUnchanged(t, env)
	down := env.Step(acctest.CRM(acctest.JWTBearer, trigger("two")))
	down.PreConfig = func() {
		unchanged()
		if err := env.Salesforce.Down(); err != nil {
			t.Fatal(err)
		}
	}
	down.ExpectError = acctest.MatchText(target.SystemNotAvailable.Title(), "what was stored before stays in force")
	up := env.Step(acctest.CRM(acctest.JWTBearer, trigger("one")) + acctest.CRMCheck)
	up.PreConfig = func() {
		if err := env.Salesforce.Up(); err != nil {
			t.Fatal(err)
		}
		unchanged()
	}
	up.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	up.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, trigger("one"))), down, up)
}

func TestExternalRevalidationIsNoDrift(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	again := env.Step(acctest.CRM(acctest.JWTBearer, trigger("one")) + acctest.CRMCheck)
	again.PreConfig = func() {
		before := env.MetadataRefreshedAt()
		found, err := env.Client().ConnectionByName(t.Context(), "Salesforce")
		if err != nil {
			t.Fatal(err)
		}
		revalidated, err := env.Client().Revalidate(t.Context(), found.ID, found.Revision, api.Revalidate{})
		if err != nil || revalidated.Message != "Connection has been configured successfully!" {
			t.Fatalf("the re-validation returned %q, error %v", revalidated.Message, err)
		}
		if now := env.MetadataRefreshedAt(); !now.After(before) {
			t.Errorf("the re-validation left the metadata at %s", now)
		}
	}
	again.ConfigPlanChecks = acctest.Planned(crmConnection, plancheck.ResourceActionNoop)
	again.ConfigStateChecks = expectCRMTestPassed()
	env.Test(env.Step(acctest.CRM(acctest.JWTBearer, trigger("one"))), again)
}
