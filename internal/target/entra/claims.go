package entra

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Bounds of what is read of a token. A token of a usual application has a dozen roles.
const (
	maxClaims = 64 << 10
	maxRoles  = 200
	maxText   = 256
)

// Claims are what an access token says, as far as it can be read. Nobody verifies it here. That it comes from the tenant's
// own token endpoint, over TLS, makes it good for telling why something fails, and which app and tenant it was given to
// where no API tells. Wherever the API that the token is for says who signed in, that counts.
type Claims struct {
	// Audience is what the token is for.
	Audience string
	// TenantID, ApplicationID and ObjectID are who it was given to; a person's name is in Username.
	TenantID, ApplicationID, ObjectID, Username string
	// Roles are the application permissions, Scopes the delegated ones.
	Roles, Scopes []string
}

// HasPermission tells whether the token carries one of some permissions.
func (c Claims) HasPermission(permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(permission string) bool {
		return slices.Contains(c.Roles, permission) || slices.Contains(c.Scopes, permission)
	})
}

// ReadClaims reads an access token of either version (access-token-claims-reference); empty if it is none that can be read.
func ReadClaims(accessToken string) Claims {
	parts := strings.Split(accessToken, ".")
	if len(parts) != 3 || len(parts[1]) > maxClaims {
		return Claims{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return Claims{}
	}
	var body struct {
		Audience   string   `json:"aud"`
		Tenant     string   `json:"tid"`
		App        string   `json:"appid"` // version 1.0
		Authorized string   `json:"azp"`   // version 2.0
		Object     string   `json:"oid"`
		UPN        string   `json:"upn"`
		Preferred  string   `json:"preferred_username"`
		Unique     string   `json:"unique_name"`
		Roles      []string `json:"roles"`
		Scopes     string   `json:"scp"`
	}
	if err := call.DecodeJSON(payload, &body); err != nil {
		return Claims{}
	}
	return Claims{
		Audience: text(body.Audience), TenantID: text(body.Tenant), ApplicationID: text(body.App, body.Authorized),
		ObjectID: text(body.Object), Username: text(body.UPN, body.Preferred, body.Unique),
		Roles: texts(body.Roles), Scopes: texts(strings.Fields(body.Scopes)),
	}
}

// text is the first of some texts that says something, if it is not too long.
func text(all ...string) string {
	i := slices.IndexFunc(all, func(s string) bool { return s != "" })
	if i < 0 || len(all[i]) > maxText {
		return ""
	}
	return all[i]
}

func texts(all []string) []string {
	all = all[:min(len(all), maxRoles)]
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool { return text(s) == "" })
}
