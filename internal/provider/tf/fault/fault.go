// Package fault shows a target system's fault in data sources, the same way wherever one can stand: in a connection test,
// a connection, a sync policy's last cycle and a sync log.
package fault

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// Model is a fault as an object of a data source. A nil one is null: nothing went wrong.
type Model struct {
	Code    types.String   `tfsdk:"code"`
	Title   types.String   `tfsdk:"title"`
	Message types.String   `tfsdk:"message"`
	Help    []types.String `tfsdk:"help"`
	// RetryAfter is the wait in seconds that the system asked for; null if it asked for none.
	RetryAfter types.Int64 `tfsdk:"retry_after_seconds"`
}

// Show is the one way from the control plane's answer to the object.
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
		Title:      types.StringValue(f.Title),
		Message:    types.StringValue(f.Message),
		Help:       help,
		RetryAfter: types.Int64Null(),
	}
	if f.RetryAfterSeconds > 0 {
		m.RetryAfter = types.Int64Value(f.RetryAfterSeconds)
	}
	return m
}

// Attribute declares the object. The description says what it means that there is one.
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
				MarkdownDescription: "The target system's own words.",
				Computed:            true,
			},
			"help": schema.ListAttribute{
				MarkdownDescription: "What to do next, in order.",
				ElementType:         types.StringType,
				Computed:            true,
			},
			"retry_after_seconds": schema.Int64Attribute{
				MarkdownDescription: "How many seconds the target system asks to wait; null if it asks for none.",
				Computed:            true,
			},
		},
	}
}
