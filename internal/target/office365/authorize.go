package office365

import (
	"context"
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// authorize declares the authorization code flow of Entra. The app's registration lists the permissions, so that the scope is
// .default of the API.
func authorize() *target.CodeGrant {
	return &target.CodeGrant{
		Secret: entra.RefreshToken, ClientID: entra.ClientID, Redirect: entra.Redirect(), Endpoint: entra.Endpoint,
		Scopes:     func(a target.Account) []string { return strings.Fields(personScope(a)) },
		Parameters: entra.Parameters,
		Exchange:   exchange,
		Refused: func(a target.Account, code, description string) target.Refusal {
			return entra.Application{Account: a, Resource: apiField(a)}.Refused(code, description)
		},
		AdminConsent: func(a target.Account, redirect string) string { return entra.AdminConsent(a, apiScope(a), redirect) },
	}
}

// exchange exchanges a code.
func exchange(ctx context.Context, a target.Account, c target.AuthorizationCode) (target.Issued, error) {
	classifier := graphClassifier(a)
	if a.Setting(api) == webServices {
		classifier = ewsClassifier(a)
	}
	opened, err := open(a, classifier)
	if err != nil {
		return target.Issued{}, err
	}
	// The secret that the sign-in fills is a placeholder: it must not be sent.
	issued, err := entra.Application{
		Account: a, Client: opened.Client, Resource: apiField(a), Scope: personScope(a),
	}.Exchange(ctx, c)
	return issued, errors.Join(err, opened.Close(ctx))
}

// apiField is the setting with the address of the API.
func apiField(a target.Account) string {
	if a.Setting(api) == webServices {
		return ewsURL
	}
	return graphURL
}

// apiScope is the scope of a token for the API.
func apiScope(a target.Account) string {
	of := func(c cloud) string { return c.graph }
	if a.Setting(api) == webServices {
		of = func(c cloud) string { return c.outlook }
	}
	return resource(a.Setting(apiField(a)), a.Setting(entra.AuthorityURL), of) + "/.default"
}

// personScope is the scope of a token for a user: without offline_access, the response has no refresh token.
func personScope(a target.Account) string { return apiScope(a) + " " + entra.OfflineAccess }
