package entra

import (
	"encoding/base64"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Limits of the parts of a token that are read. The token of a typical application has a dozen roles.
const (
	maxClaims = 64 << 10
	maxRoles  = 200
	maxText   = 256
)

// Claims are the readable claims of an access token. They are not verified here. They come from the tenant's own token
// endpoint, over TLS, so they can explain a failure, and identify the app and the tenant where no API does. If the API that
// the token is for reports who signed in, that counts.
type Claims struct {
	// Audience is the API that the token is for.
	Audience string
	// TenantID, ApplicationID and ObjectID identify the account of the token; Username is the name of a user.
	TenantID, ApplicationID, ObjectID, Username string
	// Roles are the application permissions, Scopes the delegated ones.
	Roles, Scopes []string
}

// HasPermission reports whether the token has one of the permissions.
func (c Claims) HasPermission(permissions ...string) bool {
	return slices.ContainsFunc(permissions, func(permission string) bool {
		return slices.Contains(c.Roles, permission) || slices.Contains(c.Scopes, permission)
	})
}

// ReadClaims reads an access token of either version (access-token-claims-reference); empty if it cannot be read.
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

// text returns the first text that is not empty, if it is not too long.
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
