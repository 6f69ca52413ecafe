package syncpolicy

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

const resourceDescription = `A sync policy: which CRM connection and which email connection belong together, and how often a
full sync cycle runs.

A full sync cycle of this project signs in with the policy's connections, checks the policy's enabled users and writes sync logs.
It does not move calendars, contacts or mail: Riva's sync engine does that.

Embedded mode (no ` + "`endpoint`" + `) does not schedule cycles: run them from a shell or from cron with
` + "`terraform-provider-riva run-cycle POLICY`" + `.

The policy's enabled users are those whose ` + "`sync_policy_id`" + ` is the policy, and those who have none.

A policy to which users are assigned cannot be deleted. Assign them to another policy or to none, or delete them, before. The
guide [Deleting a connection](../guides/deleting-a-connection#order-of-destruction) shows how one apply can do both. The
connections that the cycles of a deleted policy have used still count as used, and the policy's name is kept for them.`

func resourceSchema(ctx context.Context) schema.Schema {
	return schema.Schema{
		MarkdownDescription: resourceDescription,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Identifier, assigned by the control plane.",
				Computed:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Display name, at most 200 characters, unique regardless of letter case.",
				Required:            true,
				Validators:          validators.Name(),
			},
			"crm_connection_id": schema.StringAttribute{
				MarkdownDescription: "Connection to the CRM, required if the policy is enabled; null after its deletion.",
				Optional:            true,
			},
			"email_connection_id": schema.StringAttribute{
				MarkdownDescription: "Connection to the email system, required if the policy is enabled; null after its deletion.",
				Optional:            true,
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether full sync cycles run (default `true`). While a policy is enabled, its " +
					"connections cannot be deleted.",
				Optional: true,
				Computed: true,
				Default:  booldefault.StaticBool(true),
			},
			"interval": schema.StringAttribute{
				MarkdownDescription: "How often a full sync cycle runs: a duration such as `\"30m\"` or `\"1h\"`, at least 15 " +
					"minutes. Two spellings of the same duration, such as `\"60m\"` and `\"1h\"`, are not a change.",
				Required:      true,
				CustomType:    duration.Type{},
				Validators:    []validator.String{intervalValidator{}},
				PlanModifiers: []planmodifier.String{keepEqualInterval{}},
			},
			"created_at": schema.StringAttribute{
				MarkdownDescription: "When the policy was created (RFC 3339).",
				Computed:            true,
				CustomType:          timetypes.RFC3339Type{},
				PlanModifiers:       []planmodifier.String{stringplanmodifier.UseStateForUnknown()},
			},
			"last_modified_at": schema.StringAttribute{
				MarkdownDescription: "When the policy was last changed (RFC 3339). Cycles do not change it, and neither does the " +
					"deletion of one of its connections.",
				Computed:   true,
				CustomType: timetypes.RFC3339Type{},
			},
		},
		Blocks: map[string]schema.Block{"timeouts": controlplane.ResourceTimeouts(ctx)},
	}
}
