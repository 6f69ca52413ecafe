package entra_test

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// The claims of both token versions are read; an unreadable token has no claims.
func TestReadClaims(t *testing.T) {
	t.Parallel()
	pack := func(claims string) string {
		return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".signature"
	}
	many := strings.Repeat(`"Role.All",`, 300)
	long := strings.Repeat("x", 300)
	for name, test := range map[string]struct {
		token string
		want  entra.Claims
	}{
		"version 1.0": {
			pack(`{"aud":"https://api.example.com","tid":"t","appid":"a","oid":"o","upn":"ada@example.com","scp":"Read Write"}`),
			entra.Claims{
				Audience: "https://api.example.com", TenantID: "t", ApplicationID: "a", ObjectID: "o", Username: "ada@example.com",
				Scopes: []string{"Read", "Write"},
			},
		},
		"version 2.0": {
			pack(`{"aud":"api","tid":"t","azp":"a","oid":"o","roles":["Read.All"],"preferred_username":"ada@example.com"}`),
			entra.Claims{
				Audience: "api", TenantID: "t", ApplicationID: "a", ObjectID: "o", Username: "ada@example.com",
				Roles: []string{"Read.All"},
			},
		},
		"opaque":         {"EwBYA8l6BAAU", entra.Claims{}},
		"not base64":     {"a.%.c", entra.Claims{}},
		"not JSON":       {pack("nonsense"), entra.Claims{}},
		"of other types": {pack(`{"aud":["a","b"],"roles":"Read"}`), entra.Claims{}},
		"too deep":       {pack(strings.Repeat("[", 1000) + strings.Repeat("]", 1000)), entra.Claims{}},
		"too long":       {pack(`{"aud":"` + strings.Repeat("x", 100<<10) + `"}`), entra.Claims{}},
		"long texts":     {pack(`{"aud":"` + long + `","tid":"t","roles":["` + long + `"]}`), entra.Claims{TenantID: "t"}},
	} {
		got := entra.ReadClaims(test.token)
		if len(got.Roles) == 0 {
			got.Roles = nil
		}
		if len(got.Scopes) == 0 {
			got.Scopes = nil
		}
		if !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	got := entra.ReadClaims(pack(`{"roles":[` + many + `"Last"]}`))
	if len(got.Roles) > 200 || !got.HasPermission("Role.All") || got.HasPermission("Last") {
		t.Errorf("got %d roles", len(got.Roles))
	}
	if got := entra.ReadClaims(pack(`{"scp":"Read"}`)); !got.HasPermission("Write", "Read") || got.HasPermission("Write") {
		t.Errorf("got %+v", got)
	}
}

// Every fault has help, except for a user who is not found: the systems have that.
func TestHelp(t *testing.T) {
	t.Parallel()
	for _, code := range target.Codes() {
		if got := entra.Help(code); (len(got) == 0) != (code == target.UserNotFound) {
			t.Errorf("%s: %v", code, got)
		}
	}
}
