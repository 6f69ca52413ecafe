package entra

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

func FuzzParseError(f *testing.F) { fuzztest.Responses(f, parseError) }

// Claims that are read are limited, whatever a token contains.
func FuzzReadClaims(f *testing.F) {
	for _, payload := range []string{
		`{"aud":"a","tid":"b","appid":"c","oid":"d","upn":"e@example.com","roles":["f","",""],"scp":"g  h"}`, "{}", "", `{"roles":"x"}`,
		`{"azp":"` + strings.Repeat("x", 300) + `"}`, strings.Repeat("[", 100), `{"roles":[` + strings.Repeat(`"r",`, 300) + `"r"]}`,
	} {
		f.Add("a." + base64.RawURLEncoding.EncodeToString([]byte(payload)) + ".c")
	}
	f.Add("a.b")
	f.Fuzz(func(t *testing.T, token string) {
		claims := ReadClaims(token)
		if len(claims.Roles) > maxRoles || len(claims.Scopes) > maxRoles {
			t.Errorf("%d roles, %d scopes", len(claims.Roles), len(claims.Scopes))
		}
		single := []string{claims.Audience, claims.TenantID, claims.ApplicationID, claims.ObjectID, claims.Username}
		for _, text := range slices.Concat(single, claims.Roles, claims.Scopes) {
			if len(text) > maxText {
				t.Errorf("a text of %d bytes", len(text))
			}
		}
	})
}
