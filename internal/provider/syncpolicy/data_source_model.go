package syncpolicy

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

// dataSourceModel is the data source: a policy, and the volatile attributes, which would cause drift in the resource.
type dataSourceModel struct {
	attributes

	LastCycle *cycleModel `tfsdk:"last_cycle"`
}

// cycleModel is one full sync cycle.
type cycleModel struct {
	ID          types.String      `tfsdk:"id"`
	State       types.String      `tfsdk:"state"`
	StartedAt   timetypes.RFC3339 `tfsdk:"started_at"`
	FinishedAt  timetypes.RFC3339 `tfsdk:"finished_at"`
	UsersTotal  types.Int64       `tfsdk:"users_total"`
	UsersFaulty types.Int64       `tfsdk:"users_faulty"`
	Fault       *fault.Model      `tfsdk:"fault"`
}

// showCycle maps the API response to a cycle.
func showCycle(c *api.Cycle) *cycleModel {
	if c == nil {
		return nil
	}
	return &cycleModel{
		ID:          types.StringValue(c.ID),
		State:       types.StringValue(c.State),
		StartedAt:   controlplane.Timestamp(c.StartedAt),
		FinishedAt:  controlplane.OptionalTimestamp(c.FinishedAt),
		UsersTotal:  types.Int64Value(int64(c.UsersTotal)),
		UsersFaulty: types.Int64Value(int64(c.UsersFaulty)),
		Fault:       fault.Show(c.Fault),
	}
}
