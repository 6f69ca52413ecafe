package connection

import (
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

// connectionModel is a connection in the data sources, with its volatile attributes. The resource does not have those, since they
// would cause drift.
type connectionModel struct {
	ID                   types.String      `tfsdk:"id"`
	Name                 types.String      `tfsdk:"name"`
	System               types.String      `tfsdk:"system"`
	Kind                 types.String      `tfsdk:"kind"`
	Settings             map[string]string `tfsdk:"settings"`
	Status               types.String      `tfsdk:"status"`
	CreatedAt            timetypes.RFC3339 `tfsdk:"created_at"`
	LastModifiedAt       timetypes.RFC3339 `tfsdk:"last_modified_at"`
	CredentialsUpdatedAt timetypes.RFC3339 `tfsdk:"credentials_updated_at"`
	CredentialsExpireAt  timetypes.RFC3339 `tfsdk:"credentials_expire_at"`
	MetadataRefreshedAt  timetypes.RFC3339 `tfsdk:"metadata_refreshed_at"`
	AuthorizationExpires timetypes.RFC3339 `tfsdk:"authorization_expires_at"`
	Warnings             []string          `tfsdk:"warnings"`
	Fault                *fault.Model      `tfsdk:"fault"`
	Identity             *identityModel    `tfsdk:"identity"`
	LastTest             *lastTestModel    `tfsdk:"last_test"`
	FirstUsedAt          timetypes.RFC3339 `tfsdk:"first_used_at"`
	LastUsedAt           timetypes.RFC3339 `tfsdk:"last_used_at"`
	Policies             []policyModel     `tfsdk:"policies"`
	Deletable            types.Bool        `tfsdk:"deletable"`
	NotDeletableReason   types.String      `tfsdk:"not_deletable_reason"`
}

type identityModel struct {
	Username     types.String `tfsdk:"username"`
	Organization types.String `tfsdk:"organization"`
}

type lastTestModel struct {
	Account   types.String      `tfsdk:"account"`
	UserEmail types.String      `tfsdk:"user_email"`
	Test      types.String      `tfsdk:"test"`
	Passed    types.Bool        `tfsdk:"passed"`
	Summary   types.String      `tfsdk:"summary"`
	TestedAt  timetypes.RFC3339 `tfsdk:"tested_at"`
}

type policyModel struct {
	ID      types.String `tfsdk:"id"`
	Name    types.String `tfsdk:"name"`
	Enabled types.Bool   `tfsdk:"enabled"`
}

// connectionModelOf maps the API response to the model.
func connectionModelOf(c api.Connection) connectionModel {
	e := connectionModel{
		ID: types.StringValue(c.ID), Name: types.StringValue(c.Name),
		System: types.StringValue(c.System), Kind: types.StringValue(c.Kind),
		Settings: c.Settings, Status: types.StringValue(c.Status),
		CreatedAt:            controlplane.Timestamp(c.CreatedAt),
		LastModifiedAt:       controlplane.Timestamp(c.LastModifiedAt),
		CredentialsUpdatedAt: controlplane.OptionalTimestamp(c.CredentialsUpdatedAt),
		CredentialsExpireAt:  controlplane.OptionalTimestamp(c.CredentialsExpireAt),
		MetadataRefreshedAt:  controlplane.OptionalTimestamp(c.MetadataRefreshedAt),
		AuthorizationExpires: controlplane.OptionalTimestamp(c.AuthorizationExpiresAt),
		Warnings:             showWarnings(c.Warnings),
		Fault:                fault.Show(c.Fault),
		Identity:             showIdentity(c.Identity),
		Policies:             []policyModel{},
		Deletable:            types.BoolValue(c.Deletable),
		NotDeletableReason:   orNull(c.NotDeletableReason),
	}
	if t := c.LastTest; t != nil {
		e.LastTest = &lastTestModel{
			Account: types.StringValue(t.Account), UserEmail: orNull(t.UserEmail), Test: types.StringValue(t.Test),
			Passed: types.BoolValue(t.Passed), Summary: types.StringValue(t.Summary),
			TestedAt: controlplane.Timestamp(t.TestedAt),
		}
	}
	for _, p := range c.Policies {
		e.Policies = append(e.Policies, policyModel{
			ID: types.StringValue(p.ID), Name: types.StringValue(p.Name), Enabled: types.BoolValue(p.Enabled),
		})
	}
	e.FirstUsedAt, e.LastUsedAt = usedFromTo(c.Uses)
	return e
}

// usedFromTo returns when a policy first and last used the connection; null if none did.
func usedFromTo(uses []api.Use) (first, last timetypes.RFC3339) {
	if len(uses) == 0 {
		return timetypes.NewRFC3339Null(), timetypes.NewRFC3339Null()
	}
	from, to := uses[0].FirstAt, uses[0].LastAt
	for _, use := range uses[1:] {
		if use.FirstAt.Before(from) {
			from = use.FirstAt
		}
		if use.LastAt.After(to) {
			to = use.LastAt
		}
	}
	return controlplane.Timestamp(from), controlplane.Timestamp(to)
}

func showIdentity(i *api.Identity) *identityModel {
	if i == nil {
		return nil
	}
	organization := i.OrganizationName
	if organization == "" {
		organization = i.OrganizationID
	}
	return &identityModel{Username: orNull(i.Username), Organization: orNull(organization)}
}

// orNull is null for an empty text.
func orNull(text string) types.String {
	if text == "" {
		return types.StringNull()
	}
	return types.StringValue(text)
}
