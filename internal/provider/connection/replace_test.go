package connection_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// grantsSystem is a CRM with two grants.
func grantsSystem() *target.System {
	return &target.System{
		Name: "desk", Title: "Desk", Kind: target.CRM, Description: "A CRM.",
		Fields: []target.Field{
			{Name: "region", Required: true, Binds: true, Allowed: []string{"eu", "us"}, Help: "Where it is."},
			{Name: "client_id", Help: "The client."},
			{Name: "api_key", Secret: true, Help: "A key.", Fixes: []target.Code{target.GivenCredentials}},
			{Name: "client_secret", Secret: true, Help: "The client's secret."},
		},
		Grants: []target.Grant{
			{Name: "key", Secrets: []string{"api_key"}},
			{Name: "client", Secrets: []string{"client_secret"}, Settings: []string{"client_id"}},
		},
		Tests: []target.Test{target.General}, UserTest: target.General,
		SignIn: func(_ context.Context, a target.Account) (target.Session, error) {
			if a.Credentials["api_key"] != "right" && a.Credentials["client_secret"] != "right" {
				return nil, &target.Fault{Code: target.GivenCredentials, Message: target.Say("No."), Certain: true}
			}
			return acctest.Session{}, nil
		},
	}
}

// newGrantsEnvironment is an environment with Exchange and Desk.
func newGrantsEnvironment(t *testing.T) *acctest.Environment {
	t.Helper()
	env := acctest.New(t)
	env.Systems = append(catalog.All(), grantsSystem())
	return env
}

// crm is a connection to Desk with the lines.
func crm(lines string) string {
	return `
resource "riva_connection" "mail" {
  name = "Exchange"
  desk {
    ` + lines + `
  }
}
`
}

func TestSystemChangeReplacesConnection(t *testing.T) {
	t.Parallel()
	env := newGrantsEnvironment(t)
	other := env.Step(crm("region = \"eu\"\napi_key_wo = \"right\""))
	other.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionReplace)
	env.Test(env.Step(acctest.Mail("")), other)
}

func TestUsedConnectionIsNotReplaced(t *testing.T) {
	t.Parallel()
	env := newGrantsEnvironment(t)
	use := acctest.Mail("") + `
resource "riva_connection" "crm" {
  name = "Desk"
  desk {
    region     = "eu"
    api_key_wo = "right"
  }
}

resource "riva_sync_policy" "mail" {
  name                = "Every day"
  email_connection_id = riva_connection.mail.id
  crm_connection_id   = riva_connection.crm.id
  interval            = "24h"
}
`
	replaced := env.Step(crm("region = \"eu\"\napi_key_wo = \"right\""))
	replaced.PreConfig = func() { env.RunCycle("Every day") }
	replaced.ExpectError = acctest.MatchText("A Used Connection Cannot Be Replaced", `"Every day"`)
	abandoned := acctest.Mail(`deletion_policy = "abandon"`)
	sameName := env.Step(crm("region = \"eu\"\napi_key_wo = \"right\""))
	sameName.ExpectError = acctest.MatchText("The Name Is Already Taken", "keeps its name")
	another := env.Step(strings.ReplaceAll(crm("region = \"eu\"\napi_key_wo = \"right\""), `"Exchange"`, `"Other"`))
	another.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionReplace)
	env.Test(env.Step(use), replaced, env.Step(abandoned+acctest.Removed("riva_connection.crm")), sameName, another)
}

func TestGrantCanBeChanged(t *testing.T) {
	t.Parallel()
	env := newGrantsEnvironment(t)
	client := env.Step(crm("region = \"eu\"\nclient_id = \"x\"\nclient_secret_wo = \"right\""))
	client.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	env.Test(env.Step(crm("region = \"eu\"\napi_key_wo = \"right\"")), client)
}
