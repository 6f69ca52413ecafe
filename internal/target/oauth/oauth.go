// Package oauth is what the target systems that sign in with OAuth 2.0 share: asking a token endpoint for an access
// token, signing the assertion for it, and using the token until the system refuses it.
//
// The protocol is golang.org/x/oauth2's; calls, their bounds and the names of failures are those of package target.
package oauth

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
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
	Classifier target.Classifier
	// ClientID and ClientSecret are the application's; the secret may be empty.
	ClientID, ClientSecret string
}

// ClientCredentials gets a token for the application itself (RFC 6749, 4.4). Errors are *[target.Fault].
func (e Endpoint) ClientCredentials(ctx context.Context) (*oauth2.Token, error) {
	token, _, err := e.fetch(ctx, e.direct(e.ClientID, e.ClientSecret, nil))
	return token, err
}

// Assertion gets a token for whom a signed assertion names (RFC 7523, 2.1). The application is named in it. Errors are
// *[target.Fault]; one that refuses the assertion tells when the clocks differ, since that is a usual reason.
func (e Endpoint) Assertion(ctx context.Context, assertion string) (*oauth2.Token, error) {
	token, answer, err := e.fetch(ctx, e.direct("", "", url.Values{"grant_type": {jwtBearer}, "assertion": {assertion}}))
	if fault, ok := target.AsFault(err); ok && fault.Code == target.GivenCredentials {
		fault.Message += clocks(answer.Header, time.Now())
	}
	return token, err
}

// Refresh gets a token with a refresh token (RFC 6749, 6). The answer's refresh token is the one to use from now on: the
// same, or the one that replaces it. Errors are *[target.Fault].
func (e Endpoint) Refresh(ctx context.Context, refreshToken string) (*oauth2.Token, error) {
	config := oauth2.Config{
		ClientID: e.ClientID, ClientSecret: e.ClientSecret,
		Endpoint: oauth2.Endpoint{TokenURL: e.URL, AuthStyle: oauth2.AuthStyleInParams},
	}
	token, _, err := e.fetch(ctx, func(ctx context.Context) oauth2.TokenSource {
		return config.TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken})
	})
	return token, err
}

// direct asks with the form alone, without anything that a person or a token brought.
func (e Endpoint) direct(id, secret string, form url.Values) func(context.Context) oauth2.TokenSource {
	config := clientcredentials.Config{
		ClientID: id, ClientSecret: secret, TokenURL: e.URL, EndpointParams: form, AuthStyle: oauth2.AuthStyleInParams,
	}
	return config.TokenSource
}
