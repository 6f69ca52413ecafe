package user

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

const resourceDescription = `A person in the User Manager.

A full sync cycle checks the enabled users that are assigned to its policy or to no policy, in the target systems of the
policy's connections. It writes a sync log for each. It does not move calendars, contacts or mail: Riva's sync engine does
that.

A sync policy to which users are assigned cannot be deleted. The guide
[Deleting a connection](../guides/deleting-a-connection#order-of-destruction) shows how one apply can remove a policy and
assign its users to another one.`

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: resourceDescription,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Identifier, assigned by the control plane.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"email": schema.StringAttribute{
				MarkdownDescription: "Email address of the user in the target systems. It is unique regardless of letter case, and " +
					"stored as configured.",
				Required:   true,
				Validators: validators.Email(),
			},
			"display_name": schema.StringAttribute{
				MarkdownDescription: "Display name, at most 200 characters.",
				Optional:            true,
				Validators:          validators.Name(),
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether full sync cycles include the user. Default: `true`.",
				Optional:            true,
				Computed:            true,
				Default:             booldefault.StaticBool(true),
			},
			"sync_policy_id": schema.StringAttribute{
				MarkdownDescription: "The one sync policy whose cycles check the user, while it is enabled. Without it, the " +
					"cycles of every policy check the user.",
				Optional: true,
			},
			"created_at": schema.StringAttribute{
				MarkdownDescription: "When the user was created (RFC 3339).",
				Computed:            true,
				CustomType:          timetypes.RFC3339Type{},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"last_modified_at": schema.StringAttribute{
				MarkdownDescription: "When the user was last changed (RFC 3339). Cycles do not change it.",
				Computed:            true,
				CustomType:          timetypes.RFC3339Type{},
			},
		},
		Blocks: map[string]schema.Block{"timeouts": controlplane.ResourceTimeouts(ctx)},
	}
}
