package syncpolicy

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

const dataSourceDescription = `A sync policy, found by ` + "`id`" + ` or by ` + "`name`" + `, with its last full sync cycle.

A full sync cycle of this project signs in with the policy's connections and checks the policy's enabled users. It does not move
calendars, contacts or mail.`

func dataSourceSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: dataSourceDescription,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Identifier. Set this or `name`.",
				Optional:            true,
				Computed:            true,
			},
			"name": schema.StringAttribute{
				MarkdownDescription: "Display name, regardless of letter case. Set this or `id`.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"crm_connection_id": schema.StringAttribute{
				MarkdownDescription: "Connection to the CRM; null if the policy has none, or if it was deleted.",
				Computed:            true,
			},
			"email_connection_id": schema.StringAttribute{
				MarkdownDescription: "Connection to the email system; null if the policy has none, or if it was deleted.",
				Computed:            true,
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Whether full sync cycles run.",
				Computed:            true,
			},
			"interval": schema.StringAttribute{
				MarkdownDescription: "How often a full sync cycle runs: a duration such as `\"30m\"`.",
				Computed:            true,
				CustomType:          duration.Type{},
			},
			"created_at":       timestamp("When the policy was created (RFC 3339)."),
			"last_modified_at": timestamp("When the policy was last changed (RFC 3339). Cycles do not change it."),
			"last_cycle":       cycleAttribute(),
		},
	}
}

func cycleAttribute() schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: "The last full sync cycle; null if there was none.",
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Identifier of the cycle; its sync logs have it as well.",
				Computed:            true,
			},
			"state": schema.StringAttribute{
				MarkdownDescription: "`running`, `finished`, or `interrupted` if the control plane or the command that ran it stopped.",
				Computed:            true,
			},
			"started_at":  timestamp("When it started (RFC 3339)."),
			"finished_at": timestamp("When it ended (RFC 3339); null while it runs."),
			"users_total": schema.Int64Attribute{
				MarkdownDescription: "Number of users that the cycle checks: the policy's enabled users when it started.",
				Computed:            true,
			},
			"users_faulty": schema.Int64Attribute{
				MarkdownDescription: "Number of users with a fault.",
				Computed:            true,
			},
			"fault": fault.Attribute("The fault of a connection, which affects every user of the cycle; null if the connections " +
				"worked. Faults of single users are in their sync logs."),
		},
	}
}

func timestamp(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description, Computed: true, CustomType: timetypes.RFC3339Type{},
	}
}
