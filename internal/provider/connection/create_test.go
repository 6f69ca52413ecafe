package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestCreateWithAWrongPasswordStoresNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	wrong := resource.TestStep{
		Config: env.Config(acctest.Mail("")), ConfigVariables: env.Variables("wrong"),
		ExpectError: acctest.MatchText(target.GivenCredentials.Title(),
			"Nothing was created.", "Attribute: exchange.password_wo", "What to do next:", "1. ", "2. "),
	}
	right := env.Step(acctest.Mail(""))
	right.PreConfig = env.ExpectNoConnections
	env.Test(wrong, right)
}

func TestCreateWithOtherIdentityFails(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	other := env.Step(strings.ReplaceAll(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
		mailbox = "somebody@example.com"`))
	other.ExpectError = acctest.MatchText(target.WrongIdentity.Title(), "Nothing was created.")
	right := env.Step(acctest.Mail(""))
	right.PreConfig = env.ExpectNoConnections
	env.Test(other, right)
}

func TestCreateWhileTheTargetIsDownStoresNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	down := env.Step(acctest.Mail(""))
	down.PreConfig = func() {
		if err := env.Exchange.Down(); err != nil {
			t.Fatal(err)
		}
	}
	down.ExpectError = acctest.MatchText(target.SystemNotAvailable.Title())
	up := env.Step(acctest.Mail(""))
	up.PreConfig = func() {
		env.ExpectNoConnections()
		if err := env.Exchange.Up(); err != nil {
			t.Fatal(err)
		}
	}
	env.Test(down, up)
}

func TestCreateWithTakenNameShowsImportBlock(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	second := strings.ReplaceAll(acctest.Mail(""), `"mail"`, `"second"`)
	second = strings.ReplaceAll(second, `"Exchange"`, `"EXCHANGE"`)
	taken := env.Step(acctest.Mail("") + second)
	taken.ExpectError = acctest.MatchText("The Name Is Already Taken", "import {", "to = riva_connection.", `id = "`)
	env.Test(env.Step(acctest.Mail("")), taken)
}

func TestCreateWithoutSecretFailsPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	step := env.Step(strings.ReplaceAll(acctest.Mail(""), "password_wo = var.password", ""))
	step.PlanOnly = true
	step.ExpectError = acctest.MatchText("Credentials Required", "password_wo")
	env.Test(step)
}

func TestSecretThatIsUnknownAtPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	body := `
resource "terraform_data" "password" {
  input = nonsensitive(var.plain)
}

variable "plain" {
  type = string
}
` + strings.ReplaceAll(acctest.Mail(""), "var.password", "terraform_data.password.output")
	step := env.Step(body)
	step.ConfigVariables["plain"] = step.ConfigVariables["password"]
	env.Test(step)
}
