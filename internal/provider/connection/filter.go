package connection

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// filter is a filter of a list of connections. The data source riva_connections and the list resource have the same filters.
type filter struct {
	name, description string
	// allowed are the allowed values; empty allows any.
	allowed []string
}

func filters(systems []*target.System) []filter {
	names := make([]string, len(systems))
	for i, system := range systems {
		names[i] = system.Name
	}
	return []filter{
		{name: "name", description: "Only the connection with this name, regardless of letter case."},
		{"kind", "Only connections of this side of the sync: `crm` or `email`.", []string{string(target.CRM), string(target.Email)}},
		{"system", "Only connections to this target system.", names},
		{"status", "Only connections in this state: " + statusDescription + ".", statuses()},
	}
}

func (f filter) validators() []validator.String {
	if f.allowed == nil {
		return nil
	}
	return []validator.String{stringvalidator.OneOf(f.allowed...)}
}

// filterModel has the configured values of the filters.
type filterModel struct {
	Name   types.String `tfsdk:"name"`
	Kind   types.String `tfsdk:"kind"`
	System types.String `tfsdk:"system"`
	Status types.String `tfsdk:"status"`
}

func (m *filterModel) request() api.ConnectionFilter {
	return api.ConnectionFilter{
		Name: m.Name.ValueString(), Kind: m.Kind.ValueString(),
		System: m.System.ValueString(), Status: m.Status.ValueString(),
	}
}
