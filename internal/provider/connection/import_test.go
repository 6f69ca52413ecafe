package connection_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func importBlock(id string) string {
	return fmt.Sprintf("\nimport {\n  to = riva_connection.mail\n  id = %q\n}\n", id)
}

func TestImportWithTheRightSecretChangesNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	connection := env.CreateMail()
	step := env.Step(acctest.Mail("") + importBlock(connection.ID))
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	env.Test(step)
}

func TestImportWithoutASecretChangesNothing(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.CreateMail()
	step := env.Step(withoutSecret(acctest.Mail("")) + importBlock("name=Exchange"))
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	env.Test(step)
}

func TestImportWithAnotherSecretUpdates(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.CreateMail()
	env.SetPassword(acctest.NewPassword)
	step := env.Step(acctest.Mail("") + importBlock("name=Exchange") + acctest.Check)
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	step.ConfigStateChecks = expectTestPassed()
	env.Test(step)
}
