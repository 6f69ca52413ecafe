package provider_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// desk is a CRM with two ways to sign in, for what one email system cannot show.
func desk() *target.System {
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
				return nil, &target.Fault{Code: target.GivenCredentials, Message: "No."}
			}
			return session{}, nil
		},
	}
}

type session struct{}

func (session) Identity() target.Identity { return target.Identity{Username: "service"} }

func (session) Run(context.Context, target.Test, string) (string, error) { return "Fine.", nil }

func (session) Close() error { return nil }

// newDesk is a world with Exchange and Desk.
func newDesk(t *testing.T) *acctest.World {
	t.Helper()
	w := acctest.New(t)
	w.Systems = append(catalog.All(), desk())
	return w
}

// crm is a connection to Desk with the given lines.
func crm(lines string) string {
	return `
resource "riva_connection" "mail" {
  name = "Exchange"
  desk = {
    ` + lines + `
  }
}
`
}

func TestIncompleteCredentialsFailPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"two systems": {
			body: strings.Replace(acctest.Mail(""), "exchange = {", "desk = {\nregion = \"eu\"\n}\nexchange = {", 1),
			want: []string{"A Connection Needs Exactly One Target System", "exchange and desk"},
		},
		"none": {
			body: crm(`region = "eu"`),
			want: []string{"A New Connection Needs Credentials", "api_key_wo, or client_secret_wo with client_id"},
		},
		"a secret without what belongs to it": {
			body: crm("region = \"eu\"\nclient_secret_wo = \"right\""),
			want: []string{"The Credentials Do Not Make a Sign-In Possible", "client_secret also requires client_id"},
		},
		"secrets that contradict": {
			body: crm("region = \"eu\"\nclient_id = \"x\"\nclient_secret_wo = \"right\"\napi_key_wo = \"right\""),
			want: []string{"The Credentials Do Not Make a Sign-In Possible", "cannot be combined"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDesk(t)
			step := w.Step(c.body)
			step.PlanOnly = true
			step.ExpectError = says(c.want...)
			w.Test(step)
		})
	}
}

func TestAnotherSystemIsAnotherConnection(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	other := w.Step(crm("region = \"eu\"\napi_key_wo = \"right\""))
	other.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionReplace)
	w.Test(w.Step(acctest.Mail("")), other)
}

func TestUsedConnectionIsNotReplaced(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	use := acctest.Mail("") + `
resource "riva_connection" "crm" {
  name = "Desk"
  desk = {
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
	replaced := w.Step(crm("region = \"eu\"\napi_key_wo = \"right\""))
	replaced.PreConfig = func() { w.RunCycle("Every day") }
	replaced.ExpectError = says("A Used Connection Cannot Be Replaced", `"Every day"`)
	abandoned := acctest.Mail(`deletion_policy = "abandon"`)
	sameName := w.Step(crm("region = \"eu\"\napi_key_wo = \"right\""))
	sameName.ExpectError = says("The Name Is Already Taken", "keeps its name")
	another := w.Step(strings.ReplaceAll(crm("region = \"eu\"\napi_key_wo = \"right\""), `"Exchange"`, `"Other"`))
	another.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionReplace)
	keepCRM := `
removed {
  from = riva_connection.crm
  lifecycle {
    destroy = false
  }
}
`
	w.Test(w.Step(use), replaced, w.Step(abandoned+keepCRM), sameName, another)
}

func TestGrantCanBeChanged(t *testing.T) {
	t.Parallel()
	w := newDesk(t)
	client := w.Step(crm("region = \"eu\"\nclient_id = \"x\"\nclient_secret_wo = \"right\""))
	client.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	w.Test(w.Step(crm("region = \"eu\"\napi_key_wo = \"right\"")), client)
}
