package synclog

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// How many sync logs are returned: the default limit, and the maximum of the limit.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

const logsDescription = `The sync logs of full sync cycles: one for each user and each connection of the policy, newest first.

A cycle checks the enabled users that are assigned to the policy or to no policy. A fault of a connection affects all of them,
so the log of each user has it. A full sync cycle of this
project signs in with the policy's connections and checks the users. It does not move calendars, contacts or mail.`

func logsSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: logsDescription,
		Attributes: map[string]schema.Attribute{
			"user_email": schema.StringAttribute{
				MarkdownDescription: "Only the user with this email address, regardless of letter case.",
				Optional:            true,
				Validators:          validators.Email(),
			},
			"policy_id": schema.StringAttribute{
				MarkdownDescription: "Only cycles of this sync policy.",
				Optional:            true,
			},
			"connection_id": schema.StringAttribute{
				MarkdownDescription: "Only logs about this connection.",
				Optional:            true,
			},
			"only_errors": schema.BoolAttribute{
				MarkdownDescription: "Whether to return only logs with a fault. Default: `false`.",
				Optional:            true,
			},
			"since": schema.StringAttribute{
				MarkdownDescription: "Only logs from this time on (RFC 3339).",
				Optional:            true,
				CustomType:          timetypes.RFC3339Type{},
			},
			"limit": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of logs: 1 to 1000. Default: `100`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, maxLimit)},
			},
			"logs": schema.ListNestedAttribute{
				MarkdownDescription: "The sync logs, newest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: logAttributes()},
			},
		},
	}
}

func logAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	return map[string]schema.Attribute{
		"id":              text("Identifier of the log."),
		"cycle_id":        text("The full sync cycle that wrote it."),
		"policy_id":       text("The cycle's sync policy."),
		"policy_name":     text("Name of the policy, also after the policy is deleted."),
		"user_id":         text("The user of the log."),
		"user_email":      text("The user's email address."),
		"connection_id":   text("The connection of the log."),
		"connection_name": text("The connection's name."),
		"at": schema.StringAttribute{
			MarkdownDescription: "When it was written (RFC 3339).",
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"passed": schema.BoolAttribute{
			MarkdownDescription: "Whether the check passed.",
			Computed:            true,
		},
		"message": text("The result in one line."),
		"fault":   fault.Attribute("Why the check failed; null if it passed."),
	}
}
