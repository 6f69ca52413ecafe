// Package fault shows a fault of a target system, the same way everywhere: as an object of a data source (connection test,
// connection, last cycle of a sync policy, sync log), and as text in diagnostics and reports.
package fault

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// Model is a fault as an object of a data source. Nil is null, without a fault.
type Model struct {
	Code    types.String   `tfsdk:"code"`
	Title   types.String   `tfsdk:"title"`
	Message types.String   `tfsdk:"message"`
	Help    []types.String `tfsdk:"help"`
	Certain types.Bool     `tfsdk:"certain"`
	// RetryAfter is the wait in seconds that the system requested; null if it requested none.
	RetryAfter types.Int64 `tfsdk:"retry_after_seconds"`
}

// Show maps the API response to the object.
func Show(f *api.Fault) *Model {
	if f == nil {
		return nil
	}
	help := make([]types.String, 0, len(f.Help))
	for _, step := range f.Help {
		help = append(help, types.StringValue(step))
	}
	m := &Model{
		Code:       types.StringValue(f.Code),
		Title:      types.StringValue(Title(f)),
		Message:    types.StringValue(f.Message),
		Help:       help,
		Certain:    types.BoolValue(f.Certain),
		RetryAfter: types.Int64Null(),
	}
	if f.RetryAfterSeconds > 0 {
		m.RetryAfter = types.Int64Value(f.RetryAfterSeconds)
	}
	return m
}

// Attribute declares the object. The description explains what a fault means in its place.
func Attribute(description string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		MarkdownDescription: description,
		Computed:            true,
		Attributes: map[string]schema.Attribute{
			"code": schema.StringAttribute{
				MarkdownDescription: "Which fault it is, such as `given_credentials` or `system_not_available`.",
				Computed:            true,
			},
			"title": schema.StringAttribute{
				MarkdownDescription: "The fault's title, word for word.",
				Computed:            true,
			},
			"message": schema.StringAttribute{
				MarkdownDescription: "The target system's own message.",
				Computed:            true,
			},
			"help": schema.ListAttribute{
				MarkdownDescription: "What to do next, in order.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"certain": schema.BoolAttribute{
				MarkdownDescription: "Whether the fault is a known statement about the secret: the target system's own code or its " +
					"documented response says that it is wrong, expired, revoked or locked. Everything else that looks like a refusal, " +
					"such as a web page of a proxy, is not certain and never deletes credentials.",
				Computed: true,
			},
			"retry_after_seconds": schema.Int64Attribute{
				MarkdownDescription: "How many seconds the target system asks to wait; null if it does not.",
				Computed:            true,
			},
		},
	}
}
