package connection_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// newMail is a second connection to Exchange.
var newMail = strings.NewReplacer(`"mail"`, `"new"`, `"Exchange"`, `"New Exchange"`).Replace(acctest.Mail(""))

// enabledPolicy is an enabled sync policy over a connection to Exchange and the usual one to Salesforce, which is included.
func enabledPolicy(name string) string {
	return acctest.CRM(acctest.JWTBearer, "") + fmt.Sprintf(`
resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.%s.id
  interval            = "30m"
}
`, name)
}

func TestConnectionIsNotRemovedBeforeThePolicyChanges(t *testing.T) {
	t.Parallel()
	before, after := acctest.Mail("")+enabledPolicy("mail"), newMail+enabledPolicy("new")
	for way, first := range map[string]string{
		"two applies":                   acctest.Mail("") + newMail + enabledPolicy("new"),
		"create_before_destroy, stored": acctest.Mail(acctest.CreateFirst) + enabledPolicy("mail"),
	} {
		t.Run(way, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			rejected := env.Step(after)
			rejected.ExpectError = acctest.MatchText("Connection Is Used by an Enabled Sync Policy", `connection "Exchange"`, `"Mail"`,
				"Terraform destroys a resource before it updates", "two applies", "change the sync policy to another connection",
				"create_before_destroy = true", "even if it removes the whole resource block")
			env.Test(env.Step(before), rejected, env.Step(first), env.Step(after))
			if _, err := env.Client().ConnectionByName(t.Context(), "Exchange"); err == nil {
				t.Error("the old connection was not deleted")
			}
		})
	}
}

// Terraform passes create_before_destroy on to everything that the resource depends on. So a replacement of a connection of such
// a policy needs another name, as the documentation says.
func TestPolicyPassesCreateBeforeDestroyOn(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	ordered := strings.Replace(enabledPolicy("mail"), `"30m"`, "\"30m\"\n  "+acctest.CreateFirst, 1)
	c := env.Command(acctest.Mail("") + ordered)
	c.Must("apply", "-auto-approve")
	state := strings.Join(strings.Fields(c.Must("state", "pull")), "")
	if n := strings.Count(state, `"create_before_destroy":true`); n != 3 {
		t.Errorf("Terraform stored create_before_destroy for %d resources, want the policy and both connections", n)
	}
}
