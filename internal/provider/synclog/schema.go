package synclog

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// How many sync logs are answered at most: by default, and if more are asked for.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

const logsDescription = `What full sync cycles wrote: one sync log for each enabled user and each connection of the policy, newest
first.

A fault of a connection touches every enabled user of the policy, so it is in each one's log. A full sync cycle of this
project signs in with the policy's connections and checks the users; it moves no calendars, contacts or mail.`

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
				Validators:          controlplane.Policies.ID(),
			},
			"connection_id": schema.StringAttribute{
				MarkdownDescription: "Only what was seen of this connection.",
				Optional:            true,
				Validators:          controlplane.Connections.ID(),
			},
			"only_errors": schema.BoolAttribute{
				MarkdownDescription: "Whether to leave out what passed. Default: `false`.",
				Optional:            true,
			},
			"since": schema.StringAttribute{
				MarkdownDescription: "Only logs from this time on (RFC 3339).",
				Optional:            true,
				CustomType:          timetypes.RFC3339Type{},
			},
			"limit": schema.Int64Attribute{
				MarkdownDescription: "How many logs to answer at most: 1 to 1000. Default: `100`.",
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
		"policy_name":     text("The policy's name; it stays when the policy is deleted."),
		"user_id":         text("The user that it is about."),
		"user_email":      text("The user's email address."),
		"connection_id":   text("The connection that it is about."),
		"connection_name": text("The connection's name."),
		"at": schema.StringAttribute{
			MarkdownDescription: "When it was written (RFC 3339).",
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"passed": schema.BoolAttribute{
			MarkdownDescription: "Whether the connection could be used for the user.",
			Computed:            true,
		},
		"message": text("One line on what was seen."),
		"fault":   fault.Attribute("Why the connection could not be used for the user; null if it could."),
	}
}
