// Package oauth is the OAuth 2.0 part of the target systems that sign in with it: requesting an access token from a token
// endpoint, signing the assertion for it, refreshing it, and using the token until the system rejects it.
//
// The protocol is implemented by golang.org/x/oauth2; calls, their limits and the faults are those of packages call and
// target.
package oauth

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// jwtBearer is the grant type of a signed assertion (RFC 7523, 2.1).
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// Endpoint is a token endpoint, and the application that calls it. Secrets are sent in the form only: otherwise the library
// would send a rejected secret twice, which counts as two failed sign-ins towards an account lockout.
type Endpoint struct {
	// URL is the address of the endpoint.
	URL string
	// Client sends the requests.
	Client *http.Client
	// Classifier knows the endpoint's errors: the values of "error" as codes, those of "error_description" as patterns.
	Classifier call.Classifier
	// Tokens masks what the endpoint issues.
	Tokens *target.Tokens
	// ClientID and ClientSecret are the application's; the secret may be empty.
	ClientID, ClientSecret string
	// Form is sent with every request, such as "scope", or "client_assertion" instead of a secret.
	Form url.Values
	// ParseError reads a response with more details than "error" and "error_description"; nil if responses have no more. It
	// returns nil for a response that is not a known failure.
	ParseError func(call.Response) *call.SystemError
}

// ClientCredentials requests a token for the application itself (RFC 6749, 4.4). Errors are *[target.Fault].
func (e Endpoint) ClientCredentials(ctx context.Context) (*oauth2.Token, error) {
	return e.fetch(ctx, nil)
}

// Assertion requests a token for the account that a signed assertion names (RFC 7523, 2.1), which may be the application.
// Errors are *[target.Fault].
func (e Endpoint) Assertion(ctx context.Context, assertion string) (*oauth2.Token, error) {
	e.ClientID, e.ClientSecret = "", ""
	return e.fetch(ctx, url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}})
}

// Password requests a token with a user's name and password (RFC 6749, 4.3). Errors are *[target.Fault].
func (e Endpoint) Password(ctx context.Context, username, password string) (*oauth2.Token, error) {
	return e.fetch(ctx, url.Values{"grant_type": {"password"}, "username": {username}, "password": {password}})
}

// Refresh requests a token with the refresh token that an account has in a field (RFC 6749, 6), or with the one that replaced
// it. If the response replaces the refresh token again, the new one is stored in the account's tokens before anything else can
// fail, since the old one is invalid from then on. Both are masked. Errors are *[target.Fault].
func (e Endpoint) Refresh(ctx context.Context, a target.Account, field string) (*oauth2.Token, error) {
	current := a.Credentials[field]
	if rotated := a.Tokens.Rotated()[field]; rotated != "" {
		current = rotated
	}
	a.Tokens.Mask(current)
	token, err := e.fetch(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {current}})
	if err != nil {
		return nil, err
	}
	if IsToken(token.RefreshToken) && token.RefreshToken != current {
		a.Tokens.Rotate(field, token.RefreshToken)
	}
	return token, nil
}

// config makes a request with the form alone, without a user or an assertion. The library's name for it is that of the grant
// without either; a grant_type in the form replaces it.
func (e Endpoint) config(form url.Values) clientcredentials.Config {
	all := maps.Clone(e.Form)
	if all == nil {
		all = url.Values{}
	}
	maps.Copy(all, form)
	return clientcredentials.Config{
		ClientID: e.ClientID, ClientSecret: e.ClientSecret, TokenURL: e.URL, EndpointParams: all,
		AuthStyle: oauth2.AuthStyleInParams,
	}
}
