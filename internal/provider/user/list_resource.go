package user

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/listing"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

// The list resource is the resource itself: both have the same name and the same access to the control plane.
var _ list.ListResourceWithConfigure = (*userResource)(nil)

// NewListResource returns the list resource.
func NewListResource() list.ListResource { return newResource() }

// listModel are the filters.
type listModel struct {
	Email        types.String `tfsdk:"email"`
	Enabled      types.Bool   `tfsdk:"enabled"`
	SyncPolicyID types.String `tfsdk:"sync_policy_id"`
}

// ListResourceConfigSchema declares the filters.
func (r *userResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Users that match the filters, in the order of their creation; without a filter, all up to `limit`.\n\n" +
			listing.Description,
		Attributes: map[string]schema.Attribute{
			"email": schema.StringAttribute{
				MarkdownDescription: "Only the user with this email address, regardless of letter case.",
				Optional:            true,
				Validators:          validators.Email(),
			},
			"enabled": schema.BoolAttribute{
				MarkdownDescription: "Only users that full sync cycles include (`true`) or exclude (`false`).",
				Optional:            true,
			},
			"sync_policy_id": schema.StringAttribute{
				MarkdownDescription: "Only users that are assigned to this sync policy.",
				Optional:            true,
				Validators:          controlplane.Policies.ID(),
			},
		},
	}
}

// List streams the users.
func (r *userResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	listing.Listing[api.User, listModel]{
		Operation: tfdiag.Operation{Name: "list the users"},
		Each: func(ctx context.Context, filters *listModel, limit int) iter.Seq2[api.User, error] {
			return r.Access.Client.EachUser(ctx, api.UserFilter{
				Email: filters.Email.ValueString(), Enabled: filters.Enabled.ValueBoolPointer(),
				SyncPolicyID: filters.SyncPolicyID.ValueString(),
			}, limit)
		},
		Describe: describe,
		Show:     r.Imported,
	}.Stream(ctx, req, stream)
}

// describe returns the id and the display name with the email address, since display names are not unique.
func describe(u *api.User) (id, name string) {
	if u.DisplayName == "" {
		return u.ID, u.Email
	}
	return u.ID, u.DisplayName + " (" + u.Email + ")"
}
