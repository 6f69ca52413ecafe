package syncpolicy

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// delete deletes the policy, used or not, unless users are assigned to it. That its cycles used the connections stays known.
func (r *policyResource) delete(ctx context.Context, w *entity.Write[model], diags *diag.Diagnostics) error {
	err := r.Access.Client.DeletePolicy(ctx, w.State.ID.ValueString())
	if api.IsProblem(err, api.ProblemPolicyInUse) {
		problem, _ := api.AsProblem(err)
		diags.AddError(tfdiag.TitlePolicyHasUsers, usersText(w.State.title(), problem)+"\n\n"+tfdiag.DestroyOrderHint(
			"sync policy", "assign its users to another sync policy or to none, or delete them"))
		return nil
	}
	return err
}

// usersText lists the users of a policy. Who is not managed by this configuration is listed as well.
func usersText(policy string, problem *api.Problem) string {
	var text strings.Builder
	fmt.Fprintf(&text, "The %s cannot be deleted while users are assigned to it:", policy)
	for _, user := range problem.Users {
		fmt.Fprintf(&text, "\n- %s", user.Email)
	}
	if more := problem.UsersTotal - len(problem.Users); more > 0 {
		fmt.Fprintf(&text, "\n- and %d more", more)
	}
	return text.String()
}
