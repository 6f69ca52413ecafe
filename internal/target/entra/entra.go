// Package entra is what Microsoft's target systems share: signing in an app registration at the token endpoint of a
// Microsoft Entra ID tenant, with a client secret, with a certificate, or with a refresh token besides.
//
// It has the declarations of the fields that say who signs in and where, the request for a token, and what Entra's errors
// mean. The pages that settle the protocol, all below https://learn.microsoft.com/entra/identity-platform/:
// v2-oauth2-client-creds-grant-flow and v2-oauth2-auth-code-flow (requests and answers), certificate-credentials (client
// assertions), access-token-claims-reference, and reference-error-codes, whose table package entra keeps in part. That
// page warns of relying on codes and recommends the value of "error": a code that is not known here is judged by it.
package entra

import (
	"context"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// assertionType is how a client says that it proves itself with a signed assertion (RFC 7523, 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// Application is an app registration that signs in.
type Application struct {
	// Account has the fields that are declared here: settings, and the secrets of one grant.
	Account target.Account
	// Client sends the requests.
	Client *http.Client
	// Scope is what the token is for, such as "https://graph.microsoft.com/.default".
	Scope string
	// Resource is the setting that the scope was made of; empty if it is the system's own.
	Resource string
}

// Fetch gets an access token: with the refresh token, if the credentials hold one or Entra put another in its place,
// else for the application itself. Errors are *[target.Fault]; one about what was presented names the field with it.
func (a Application) Fetch(ctx context.Context) (*oauth2.Token, error) {
	token, err := a.fetch(ctx)
	if err != nil {
		return nil, a.withField(err)
	}
	return token, nil
}

func (a Application) fetch(ctx context.Context) (*oauth2.Token, error) {
	endpoint := oauth.Endpoint{
		URL: a.tokenURL(), Client: a.Client, Classifier: a.classifier(), ParseError: parseError,
		ClientID: a.Account.Setting(ClientID), ClientSecret: a.Account.Credentials[ClientSecret],
		Form: url.Values{"scope": {a.Scope}},
	}
	if a.Account.Credentials[PrivateKey] != "" {
		assertion, err := a.assertion()
		if err != nil {
			return nil, err
		}
		endpoint.Form.Set("client_assertion_type", assertionType)
		endpoint.Form.Set("client_assertion", assertion)
	}
	current := a.Account.Credentials[RefreshToken]
	if current == "" {
		return endpoint.ClientCredentials(ctx)
	}
	if rotated := a.Account.Tokens.Rotated()[RefreshToken]; rotated != "" {
		current = rotated
	}
	token, err := endpoint.Refresh(ctx, current)
	if err == nil && token.RefreshToken != current {
		a.Account.Tokens.Rotate(RefreshToken, token.RefreshToken)
	}
	return token, err
}

// tokenURL is the address of the tenant's token endpoint.
func (a Application) tokenURL() string {
	return target.CanonicalURL(a.Account.Setting(AuthorityURL)) + "/" + url.PathEscape(a.Account.Setting(TenantID)) +
		"/oauth2/v2.0/token"
}

// withField names the field to mend where the fault names none: what was presented, or where it was presented. It takes
// back the name of a field that the system does not have.
func (a Application) withField(err error) error {
	fault, ok := target.AsFault(err)
	if !ok {
		return err
	}
	named := *fault
	if _, known := a.Account.System.Field(named.Field); !known {
		named.Field = ""
	}
	switch {
	case named.Field != "":
	case named.Code == target.GivenCredentials:
		named.Field = PresentedSecret(a.Account.Credentials)
	case named.Code == target.SystemNotAvailable:
		named.Field = AuthorityURL
	}
	return &named
}

// PresentedSecret names the secret that is refused when nothing tells more: the one that expires first.
func PresentedSecret(c target.Credentials) string {
	for _, name := range []string{RefreshToken, ClientSecret, Certificate} {
		if c[name] != "" {
			return name
		}
	}
	return ""
}
