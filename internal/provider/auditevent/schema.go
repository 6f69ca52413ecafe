package auditevent

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// How many audit events are returned: the default limit, and the maximum of the limit.
const (
	defaultLimit = 100
	maxLimit     = 1000
)

const eventsDescription = `The audit trail of the control plane: all changes and rejected requests, newest first. It records who,
what, which object and when, and never a secret.

With an embedded control plane, the actor is the user of the operating system and the host. In a pipeline, it is the run and the
person who started it, if the pipeline sets the environment variables for that. With a shared control plane, it is the client.

The trail grows with every change, so an output of it changes with every apply. Use filters, or the subcommand ` +
	"`terraform-provider-riva audit`."

const objectIDHint = "It is the attribute id of the resource."

func eventsSchema() schema.Schema {
	filter := func(description string) schema.StringAttribute {
		return schema.StringAttribute{
			MarkdownDescription: description, Optional: true, Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	at := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Optional: true, CustomType: timetypes.RFC3339Type{}}
	}
	return schema.Schema{
		MarkdownDescription: eventsDescription,
		Attributes: map[string]schema.Attribute{
			"object_id": schema.StringAttribute{
				MarkdownDescription: "Only events about the connection, sync policy or user with this id.",
				Optional:            true,
			},
			"actor":   filter("Only events whose actor contains this text, regardless of letter case."),
			"action":  filter("Only events of this operation, such as `connection.update`."),
			"outcome": filter("Only events with this outcome: `done`, or the code of an error or fault, such as `given_credentials`."),
			"since":   at("Only events from this time on (RFC 3339)."),
			"until":   at("Only events before this time (RFC 3339)."),
			"limit": schema.Int64Attribute{
				MarkdownDescription: "Maximum number of events: 1 to 1000. Default: `100`.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(1, maxLimit)},
			},
			"events": schema.ListNestedAttribute{
				MarkdownDescription: "The audit events, newest first.",
				Computed:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: eventAttributes()},
			},
		},
	}
}

func eventAttributes() map[string]schema.Attribute {
	text := func(description string) schema.StringAttribute {
		return schema.StringAttribute{MarkdownDescription: description, Computed: true}
	}
	return map[string]schema.Attribute{
		"id": text("Identifier of the event."),
		"at": schema.StringAttribute{
			MarkdownDescription: "When it happened (RFC 3339).",
			Computed:            true,
			CustomType:          timetypes.RFC3339Type{},
		},
		"actor":      text("Who sent the request."),
		"request_id": text("Identifier of the request, which errors and logs have as well."),
		"action":     text("The requested operation, such as `connection.create` or `policy.delete`."),
		"object_id":  text("The connection, sync policy or user; empty if a create was rejected."),
		"outcome":    text("`done`, or the code of the error or fault."),
		"detail":     text("One line, such as the names of the changed fields."),
	}
}
