// Package entra is the part that Microsoft's target systems share: signing in an app registration at the token endpoint of a
// Microsoft Entra ID tenant, with a client secret, a certificate, or a refresh token.
//
// It declares the fields of the app registration, requests tokens, and maps Entra's errors to faults. The protocol is
// documented below https://learn.microsoft.com/entra/identity-platform/: v2-oauth2-client-creds-grant-flow and
// v2-oauth2-auth-code-flow (requests and responses), certificate-credentials (client assertions),
// access-token-claims-reference, and reference-error-codes, whose table is the file errors.tsv. That page warns against relying
// on codes and recommends the value of "error", so the value decides about a code that is not known here.
package entra

import (
	"context"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// assertionType is the type of a signed client assertion (RFC 7523, 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// Application is an app registration that signs in.
type Application struct {
	// Account has the fields that are declared here: the settings, and the secrets of one grant.
	Account target.Account
	// Client sends the requests.
	Client *http.Client
	// Scope is what the token is for, such as "https://graph.microsoft.com/.default".
	Scope string
	// Resource is the setting that the scope is made from; empty if the system has a fixed scope.
	Resource string
}

// Fetch requests an access token: with the refresh token if the credentials have one, else for the application itself. Errors
// are *[target.Fault]; a fault about rejected credentials names the field of the secret.
func (a Application) Fetch(ctx context.Context) (*oauth2.Token, error) {
	token, err := a.fetch(ctx)
	if err != nil {
		return nil, a.withField(err)
	}
	return token, nil
}

func (a Application) fetch(ctx context.Context) (*oauth2.Token, error) {
	endpoint, err := a.endpoint()
	if err != nil {
		return nil, err
	}
	if a.Account.Credentials[RefreshToken] == "" {
		return endpoint.ClientCredentials(ctx)
	}
	return endpoint.Refresh(ctx, a.Account, RefreshToken)
}

// endpoint returns the token endpoint, with what authenticates the app.
func (a Application) endpoint() (oauth.Endpoint, error) {
	endpoint := oauth.Endpoint{
		URL: a.tokenURL(), Client: a.Client, Tokens: a.Account.Tokens, Classifier: a.classifier(), ParseError: parseError,
		ClientID: a.Account.Setting(ClientID), ClientSecret: a.Account.Credentials[ClientSecret],
		Form: url.Values{"scope": {a.Scope}},
	}
	if a.Account.Credentials[PrivateKey] != "" {
		assertion, err := a.assertion()
		if err != nil {
			return oauth.Endpoint{}, err
		}
		endpoint.Form.Set("client_assertion_type", assertionType)
		endpoint.Form.Set("client_assertion", assertion)
	}
	return endpoint, nil
}

// tokenURL returns the address of the tenant's token endpoint.
func (a Application) tokenURL() string { return tenantURL(a.Account) + "/oauth2/v2.0/token" }

func tenantURL(a target.Account) string {
	return target.CanonicalURL(a.Setting(AuthorityURL)) + "/" + url.PathEscape(a.Setting(TenantID))
}

// withField sets the field to correct if the fault has none and is about one: the secret that was rejected, or the address of
// Entra.
func (a Application) withField(err error) error {
	err = target.WithField(err, presentedSecret(a.Account.Credentials), target.GivenCredentials)
	return target.WithField(err, AuthorityURL, target.SystemNotAvailable)
}

// presentedSecret returns the field of the secret that was probably rejected: the one that expires first.
func presentedSecret(c target.Credentials) string {
	for _, name := range []string{RefreshToken, ClientSecret, Certificate} {
		if c[name] != "" {
			return name
		}
	}
	return ""
}

// WithoutSecret completes the error of an API that was called with an access token: if the API rejected the token, no field of
// the connection is the cause, because no secret was sent to it.
func WithoutSecret(err error) error {
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.GivenCredentials || fault.Field != "" {
		return err
	}
	unnamed := *fault
	unnamed.NoField = true
	return &unnamed
}
