package syncpolicy_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

const address = "riva_sync_policy.mail"

// policy is a sync policy with the usual connections, and further attributes.
func policy(name, interval, more string) string {
	return acctest.Mail("") + acctest.CRM(acctest.JWTBearer, "") + fmt.Sprintf(`
resource "riva_sync_policy" "mail" {
  name                = %q
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = %q
  %s
}
`, name, interval, more)
}

func TestPolicyIsCreatedImportedChangedAndDeleted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	created := env.Step(policy("Mail", "30m", ""))
	created.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionCreate)
	created.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(address, "name", knownvalue.StringExact("Mail")),
		acctest.Expect(address, "enabled", knownvalue.Bool(true)),
		acctest.Expect(address, "interval", knownvalue.StringExact("30m")),
		acctest.Expect(address, "crm_connection_id", knownvalue.NotNull()),
		acctest.Expect(address, "email_connection_id", knownvalue.NotNull()),
		acctest.Expect(address, "created_at", knownvalue.NotNull()),
		acctest.Expect(address, "last_modified_at", knownvalue.NotNull()),
	}
	byID := resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateVerify: true, ConfigVariables: env.Variables(env.Password()),
	}
	byName := byID
	byName.ImportStateId = "name=MAIL"
	block := byID
	block.ImportStateVerify, block.ImportStateKind = false, resource.ImportBlockWithID
	block.ImportPlanChecks.PreApply = []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, plancheck.ResourceActionNoop)}
	absent := byID
	absent.ImportStateId, absent.ImportStateVerify = "name=Nothing", false
	absent.ExpectError = regexp.MustCompile(`(?s)Cannot Import.*has no\s+sync policy\s+"Nothing"\.\s+Those\s+that\s+exist: `)

	changed := env.Step(policy("Mail and calendars", "60m", "enabled = false"))
	changed.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate,
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("last_modified_at")),
		plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
		plancheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
	)
	changed.ConfigStateChecks = []statecheck.StateCheck{
		acctest.Expect(address, "name", knownvalue.StringExact("Mail and calendars")),
		acctest.Expect(address, "enabled", knownvalue.Bool(false)),
		acctest.Expect(address, "interval", knownvalue.StringExact("60m")),
	}
	spelled := env.Step(policy("Mail and calendars", "1h", "enabled = false"))
	spelled.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionNoop)
	spelled.ConfigStateChecks = []statecheck.StateCheck{acctest.Expect(address, "interval", knownvalue.StringExact("60m"))}
	timed := env.Step(policy("Mail and calendars", "1h", "enabled = false\n  timeouts { update = \"1m\" }"))
	timed.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate,
		plancheck.ExpectKnownValue(address, tfjsonpath.New("last_modified_at"), knownvalue.NotNull()))
	env.Test(created, byID, byName, block, absent, changed, spelled, timed)

	left, err := env.Client().Policies(t.Context(), api.PolicyFilter{})
	if err != nil || len(left) != 0 {
		t.Errorf("after destroy there are %d policies (error %v), want none", len(left), err)
	}
}

func TestPolicyDeletedElsewhereIsCreatedAgain(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	again := env.Step(policy("Mail", "30m", ""))
	again.PreConfig = func() { deletePolicy(t, env, "Mail") }
	again.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionCreate)
	env.Test(env.Step(policy("Mail", "30m", "")), again)
}

func deletePolicy(t *testing.T, env *acctest.Environment, name string) {
	t.Helper()
	found, err := env.Client().PolicyByName(t.Context(), name)
	if err != nil {
		t.Fatalf("find the policy: %v", err)
	}
	if err := env.Client().DeletePolicy(t.Context(), found.ID); err != nil {
		t.Fatalf("delete the policy: %v", err)
	}
}

func TestPolicyWithoutConnectionIsUpdated(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	disabled := policy("Mail", "30m", "enabled = false")
	again := env.Step(disabled)
	again.PreConfig = func() {
		connection, err := env.Client().ConnectionByName(t.Context(), "Exchange")
		if err != nil {
			t.Fatalf("find the connection: %v", err)
		}
		if err := env.Client().DeleteConnection(t.Context(), connection.ID); err != nil {
			t.Fatalf("delete the connection: %v", err)
		}
	}
	again.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate,
		plancheck.ExpectUnknownValue(address, tfjsonpath.New("email_connection_id")))
	again.ConfigStateChecks = []statecheck.StateCheck{acctest.Expect(address, "email_connection_id", knownvalue.NotNull())}
	taken := env.Step(acctest.Mail("") + `
resource "riva_sync_policy" "mail" {
  name     = "Mail"
  enabled  = false
  interval = "30m"
}
`)
	taken.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionUpdate)
	taken.ConfigStateChecks = []statecheck.StateCheck{acctest.Expect(address, "email_connection_id", knownvalue.Null())}
	env.Test(env.Step(disabled), again, taken)
}

func TestPolicyOnOtherControlPlaneIsError(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	right := env.Step(policy("Mail", "30m", ""))
	wrong := right
	wrong.Config = strings.Replace(right.Config, env.DataDir, t.TempDir()+"/other", 1)
	wrong.ExpectError = regexp.MustCompile("Wrong Control Plane")
	env.Test(right, wrong, right)
}

func TestPolicyRejectsInvalidInput(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		attributes string
		wrong      string
	}{
		"interval of zero":       {`interval = "0"`, `Interval Too Short`},
		"interval of 14 minutes": {`interval = "14m"`, `Interval Too Short`},
		"invalid interval":       {`interval = "abc"`, `(?s)Invalid Value.*must be a duration such as`},
		"empty interval":         {`interval = ""`, `(?s)Invalid Value.*must be a duration such as`},
		"no interval":            {`enabled = false`, `"interval" is required`},
		"enabled, no CRM":        {`interval = "30m"`, `(?s)An Enabled Sync Policy Needs a Connection.*crm_connection_id`},
		"enabled, no email":      {`interval = "30m"`, `(?s)An Enabled Sync Policy Needs a Connection.*email_connection_id`},
		"invalid connection":     {"interval = \"30m\"\n email_connection_id = \"\"", `email_connection_id`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step(fmt.Sprintf("resource \"riva_sync_policy\" \"mail\" {\n name = \"Mail\"\n %s\n}\n", test.attributes))
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}

func TestPolicyRejectsInvalidNames(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ given, wrong string }{
		"empty":          {"", `between 1 and 200`},
		"201 characters": {strings.Repeat("é", 201), `between 1 and 200`},
		"control":        {`Ma\u0007il`, `(?s)must not contain control\s+characters`},
		"line break":     {`Mail\n`, `(?s)must not contain control\s+characters`},
		"space after":    {`Mail `, `(?s)must not begin or end with\s+white\s+space`},
		"white space":    {`   `, `(?s)must not be only white\s+space`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step("resource \"riva_sync_policy\" \"mail\" {\n name = \"" + test.given +
				"\"\n interval = \"30m\"\n enabled = false\n}\n")
			step.PlanOnly, step.ExpectError = true, regexp.MustCompile(test.wrong)
			env.Test(step)
		})
	}
}

func TestPolicyErrorsNameAttribute(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	connection := env.CreateMail()
	crm := env.CreateCRM()
	given := func(side, id string) resource.TestStep {
		step := env.Step(fmt.Sprintf("resource \"riva_sync_policy\" \"mail\" {\n  name     = \"Mail\"\n  interval = \"30m\"\n"+
			"  enabled  = false\n  %s = %q\n}\n", side, id))
		step.PlanOnly = true
		return step
	}
	unknown := given("email_connection_id", acctest.UnknownID)
	unknown.ExpectError = acctest.MatchText("Invalid Value", "email_connection_id =", "has no connection", acctest.UnknownID)
	crmSide := given("crm_connection_id", connection.ID)
	crmSide.ExpectError = acctest.MatchText("Invalid Value", "crm_connection_id =", `the connection "Exchange"`, "an email system",
		"crm_connection_id requires a connection to a CRM", "Set email_connection_id to this connection instead")
	emailSide := given("email_connection_id", crm.ID)
	emailSide.ExpectError = acctest.MatchText("Invalid Value", "email_connection_id =",
		"email_connection_id requires a connection to an email system")
	user, err := env.Client().CreateUser(t.Context(), api.CreateUser{Email: "ada@example.com"})
	if err != nil {
		t.Fatal(err)
	}
	otherKind := given("email_connection_id", user.ID)
	otherKind.ExpectError = acctest.MatchText("Invalid Value", `the user "ada@example.com"`, "must be the id of a connection")
	env.Test(unknown, crmSide, emailSide, otherKind)
}

// What was not known at plan is checked at apply, before the policy is created.
func TestPolicyErrorsOfApplyNameAttribute(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	wrongSide := env.Step(strings.Replace(policy("Mail", "30m", "enabled = false"), "riva_connection.crm.id",
		"riva_connection.mail.id", 1))
	wrongSide.ExpectError = acctest.MatchText("Invalid Value", "crm_connection_id =", "requires a connection to a CRM")
	taken := env.Step(policy("MAIL", "30m", ""))
	taken.PreConfig = func() { // outside of Terraform
		if _, err := env.Client().CreatePolicy(t.Context(), api.CreatePolicy{Name: "Mail", IntervalSeconds: 900}); err != nil {
			t.Fatal(err)
		}
	}
	taken.ExpectError = regexp.MustCompile(`(?s)The Name Is Already Taken.*import \{.*riva_sync_policy\.`)
	env.Test(wrongSide, taken)
}

func TestDestroyPolicyAndUnusedConnection(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	destroyed := env.Step(policy("Mail", "30m", ""))
	destroyed.Destroy = true
	env.Test(env.Step(policy("Mail", "30m", "")), destroyed)

	connections, err := env.Client().Connections(t.Context(), api.ConnectionFilter{})
	if err != nil || len(connections) != 0 {
		t.Errorf("after destroy there are %d connections (error %v), want none", len(connections), err)
	}
}

func TestDestroyPolicyKeepsUsedConnection(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	rejected := env.Step(policy("Mail", "30m", ""))
	rejected.Destroy = true
	rejected.PreConfig = func() { env.RunCycle("Mail") }
	rejected.ExpectError = regexp.MustCompile(`(?s)Connection has been used by a sync policy.*Mail.*Riva\s+Success\s+Team`)
	kept := env.Step(policy("Mail", "30m", ""))
	kept.PreConfig = func() {
		if _, err := env.Client().PolicyByName(t.Context(), "Mail"); err != nil {
			t.Errorf("the rejected destroy deleted the policy: %v", err)
		}
	}
	kept.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionNoop)
	const abandon = `deletion_policy = "abandon"`
	without := env.Step(acctest.Mail(abandon) + acctest.CRM(acctest.JWTBearer, abandon))
	without.ConfigPlanChecks = acctest.Planned(address, plancheck.ResourceActionDestroy)
	env.Test(env.Step(policy("Mail", "30m", "")), rejected, kept, without)

	connection, err := env.Client().ConnectionByName(t.Context(), "Exchange")
	if err != nil || len(connection.Uses) != 1 || connection.Uses[0].PolicyName != "Mail" {
		t.Errorf("the connection's uses are %+v (error %v), want the use by the deleted policy", connection.Uses, err)
	}
}
