package connection

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

// statuses are the values of the attribute status.
func statuses() []string { return []string{"working", "failing", "unverified", "blank"} }

const statusDescription = "`working`, `failing` (the last sign-in failed), `unverified` (stored without a test and not tested " +
	"since) or `blank` (the credentials were rejected on their first test and deleted, or no person has signed in yet)"

// entryAttributes declare a connection, without the id and the name.
func entryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"system": computedString("Target system."),
		"kind":   computedString("Side of the sync: `crm` or `email`."),
		"settings": schema.MapAttribute{
			Computed: true, ElementType: types.StringType,
			MarkdownDescription: "Settings as they were configured. Secrets are never returned.",
		},
		"status":                 computedString("Status: " + statusDescription + "."),
		"created_at":             computedTime("When the connection was created (RFC 3339)."),
		"last_modified_at":       computedTime("When name, settings or credentials last changed (RFC 3339)."),
		"credentials_updated_at": computedTime("When credentials were last stored (RFC 3339)."),
		"credentials_expire_at": computedTime("When the certificate of the account expires (RFC 3339), after which no sign-in is " +
			"possible; null for credentials without one."),
		"metadata_refreshed_at": computedTime("When the metadata of a CRM was last read (RFC 3339)."),
		"authorization_expires_at": computedTime(
			"Until when a person can sign in for the connection (RFC 3339); null if it does not wait for one."),
		"warnings": warningsAttribute("Certificates that expire within 30 days or have expired, and deprecated values. The plan " +
			"shows each of them as a warning too."),
		"fault":    fault.Attribute("Why the last sign-in failed; null if it worked."),
		"identity": identityAttribute("The account that signed in last; null before the first sign-in."),
		"last_test": schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: "The last connection test; null if there was none.",
			Attributes: map[string]schema.Attribute{
				"account":    computedString("`service_account` or `user`."),
				"user_email": computedString("The user, if one was tested."),
				"test":       computedString("The test."),
				"passed":     schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it passed."},
				"summary":    computedString("One line: the fault's title, or what passed."),
				"tested_at":  computedTime("When it ran (RFC 3339)."),
			},
		},
		"first_used_at": computedTime("When a full sync cycle first used the connection (RFC 3339); null if none did."),
		"last_used_at":  computedTime("When a full sync cycle last used it (RFC 3339)."),
		"policies": schema.ListNestedAttribute{
			Computed: true, MarkdownDescription: "Sync policies that use the connection.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"id":      computedString("Id of the sync policy."),
				"name":    computedString("Its name."),
				"enabled": schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether it is enabled."},
			}},
		},
		"deletable":            schema.BoolAttribute{Computed: true, MarkdownDescription: "Whether the connection can be deleted."},
		"not_deletable_reason": computedString("Why it cannot be deleted; null if it can."),
	}
}

// merged adds the attributes that differ between data sources.
func merged(attributes, more map[string]schema.Attribute) map[string]schema.Attribute {
	all := maps.Clone(attributes)
	maps.Copy(all, more)
	return all
}

func warningsAttribute(description string) schema.ListAttribute {
	return schema.ListAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

func computedString(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func computedTime(description string) schema.StringAttribute {
	return schema.StringAttribute{
		Computed: true, CustomType: timetypes.RFC3339Type{}, MarkdownDescription: description,
	}
}

func identityAttribute(description string) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{
		Computed: true, MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"username":     computedString("Name or primary address of the account."),
			"organization": computedString("The organization of the account, if the target system reports it."),
		},
	}
}
