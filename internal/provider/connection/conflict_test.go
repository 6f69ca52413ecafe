package connection_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// betweenPlanAndApply runs between a plan and its apply.
type betweenPlanAndApply func(ctx context.Context) error

// CheckPlan runs it, and ignores the plan.
func (m betweenPlanAndApply) CheckPlan(ctx context.Context, _ plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = m(ctx)
}

func TestConcurrentChangeConflicts(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	renamed := func(name string) string { return strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"`+name+`"`) }
	conflict := env.Step(renamed("Mine"))
	renameElsewhere := betweenPlanAndApply(func(ctx context.Context) error {
		client, theirs := env.Client(), "Theirs"
		found, err := client.ConnectionByName(ctx, "Exchange")
		if err == nil {
			_, err = client.UpdateConnection(ctx, found.ID, found.Revision, api.UpdateConnection{Name: &theirs})
		}
		return err
	})
	conflict.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate, renameElsewhere)
	conflict.ExpectError = acctest.MatchText("Changed Outside Terraform Since the Plan", "Plan again")
	after := env.Step(renamed("Mine"))
	after.PreConfig = func() {
		if _, err := env.Client().ConnectionByName(t.Context(), "Theirs"); err != nil {
			t.Errorf("the other change was overwritten: %v", err)
		}
	}
	after.ConfigPlanChecks = acctest.Planned(mail, plancheck.ResourceActionUpdate)
	env.Test(env.Step(acctest.Mail("")), conflict, after)
}
