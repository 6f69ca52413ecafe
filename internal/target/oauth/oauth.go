// Package oauth is what the target systems that sign in with OAuth 2.0 share: asking a token endpoint for an access
// token, signing the assertion for it, and using the token until the system refuses it.
//
// The protocol is golang.org/x/oauth2's; calls, their bounds and the names of failures are those of package target.
package oauth

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// jwtBearer is the name of the grant with a signed assertion (RFC 7523, 2.1).
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// Endpoint is a token endpoint, and the application that asks it. Secrets travel in the form only: the library would
// otherwise try a refused one twice, which counts twice towards a locked account.
type Endpoint struct {
	// URL is the address of the endpoint.
	URL string
	// Client sends the requests.
	Client *http.Client
	// Classifier knows the endpoint's errors: the values of "error" as codes, those of "error_description" as sayings.
	Classifier call.Classifier
	// ClientID and ClientSecret are the application's; the secret may be empty.
	ClientID, ClientSecret string
	// Form is what every request says besides, such as "scope", or "client_assertion" in place of a secret.
	Form url.Values
	// ParseError reads an answer that says more than "error" and "error_description" do; nil if there is nothing more. It
	// returns nil for an answer that is no failure it knows.
	ParseError func(call.Response) *call.SystemError
}

// ClientCredentials gets a token for the application itself (RFC 6749, 4.4). Errors are *[target.Fault].
func (e Endpoint) ClientCredentials(ctx context.Context) (*oauth2.Token, error) {
	return e.fetch(ctx, nil)
}

// Assertion gets a token for whom a signed assertion names (RFC 7523, 2.1), the application included. Errors are
// *[target.Fault].
func (e Endpoint) Assertion(ctx context.Context, assertion string) (*oauth2.Token, error) {
	e.ClientID, e.ClientSecret = "", ""
	return e.fetch(ctx, url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}})
}

// Password gets a token with a user's name and password (RFC 6749, 4.3). Errors are *[target.Fault].
func (e Endpoint) Password(ctx context.Context, username, password string) (*oauth2.Token, error) {
	return e.fetch(ctx, url.Values{"grant_type": {"password"}, "username": {username}, "password": {password}})
}

// Refresh gets a token with a refresh token (RFC 6749, 6). The answer's refresh token is the one to use from now on: the
// same, or the one that replaces it; what cannot be one replaces nothing. Errors are *[target.Fault].
func (e Endpoint) Refresh(ctx context.Context, refreshToken string) (*oauth2.Token, error) {
	token, err := e.fetch(ctx, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {refreshToken}})
	if err == nil && !IsToken(token.RefreshToken) {
		token.RefreshToken = refreshToken
	}
	return token, err
}

// config asks with the form alone, without anything that a person or a token brought. The library's name for it is that
// of the grant which has nothing more; a grant_type in the form replaces it.
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
