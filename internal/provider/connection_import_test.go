package provider_test

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
	w := acctest.New(t)
	connection := createOutside(t, w)
	step := w.Step(acctest.Mail("") + importBlock(connection.ID))
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	w.Test(step)
}

func TestImportWithoutASecretChangesNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	createOutside(t, w)
	step := w.Step(withoutSecret(acctest.Mail("")) + importBlock("name=Exchange"))
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionNoop)
	w.Test(step)
}

func TestImportWithAnotherSecretUpdates(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	createOutside(t, w)
	setPassword(t, w, rotated)
	step := w.Step(acctest.Mail("") + importBlock("name=Exchange") + acctest.Check)
	step.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	step.ConfigStateChecks = expectTestPassed()
	w.Test(step)
}
