package api

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"

	jose "github.com/go-jose/go-jose/v4/json"
	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// IDTokenVariable is the environment variable with the identity of a pipeline, such as one that GitLab fills.
const IDTokenVariable = "RIVA_ID_TOKEN"

// Variables of services that give their jobs an identity. Documented at
// https://docs.github.com/en/actions/reference/security/oidc and
// https://developer.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/manual-generation.
const (
	requestURLVariable   = "ACTIONS_ID_TOKEN_REQUEST_URL"
	requestTokenVariable = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
	workspaceVariable    = "TFC_WORKLOAD_IDENTITY_TOKEN"
)

// WorkloadIdentity is where the token comes from with which a pipeline proves who it is. It is not an access token: the token
// endpoint exchanges it for one.
type WorkloadIdentity struct {
	// Source names the place in messages.
	Source string
	// token returns a token that is meant for the audience.
	token func(ctx context.Context, audience string) (string, error)
	// secret is what it sends to get one.
	secret string
}

// FindIdentity returns the identity that the environment has: a token in RIVA_ID_TOKEN, the one that GitHub Actions issues, or
// the one of an HCP Terraform workspace; nil if it has none. Tokens for other services are not looked for.
func FindIdentity(getenv func(string) string) *WorkloadIdentity {
	fixed := func(name string) *WorkloadIdentity {
		token := getenv(name)
		return &WorkloadIdentity{Source: name, token: func(context.Context, string) (string, error) { return token, nil }}
	}
	address, secret := getenv(requestURLVariable), getenv(requestTokenVariable)
	switch {
	case getenv(IDTokenVariable) != "":
		return fixed(IDTokenVariable)
	case address != "" && secret != "":
		return &WorkloadIdentity{
			Source: "GitHub Actions (" + requestURLVariable + ")", secret: secret,
			token: func(ctx context.Context, audience string) (string, error) {
				return requestIDToken(ctx, address, secret, audience)
			},
		}
	case getenv(workspaceVariable) != "":
		return fixed(workspaceVariable)
	}
	return nil
}

// fileIdentity is an identity in a file, which is read for each access token.
func fileIdentity(path string) *WorkloadIdentity {
	return &WorkloadIdentity{
		Source: "the token file " + path,
		token:  func(context.Context, string) (string, error) { return readToken(path) },
	}
}

// requestIDToken requests a token for the audience from GitHub Actions.
func requestIDToken(ctx context.Context, address, secret, audience string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
		return "", errors.New("its address must start with https://")
	}
	query := u.Query()
	query.Set("audience", audience)
	u.RawQuery = query.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), http.NoBody)
	if err != nil {
		return "", errors.New("its address is malformed")
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	transport, err := NewTransport("")
	if err != nil {
		return "", err
	}
	client := &http.Client{
		Transport: &boundedTransport{next: transport}, Timeout: tokenTimeout, CheckRedirect: noRedirect,
	}
	response, err := client.Do(request)
	if err != nil {
		return "", errors.New("it did not respond")
	}
	defer response.Body.Close() //nolint:errcheck // only read from
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("it returned %d: the job needs the permission id-token: write", response.StatusCode)
	}
	var out struct {
		Value string `json:"value"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxTokenFile)).Decode(&out); err != nil || out.Value == "" {
		return "", errors.New("its response has no token")
	}
	return out.Value, nil
}

// identityClaims are the claims that are shown of a token.
type identityClaims struct {
	Issuer   string          `json:"iss"`
	Subject  string          `json:"sub"`
	Audience json.RawMessage `json:"aud"`
}

// audiences lists the audiences: the claim is one text or a list (RFC 7519, section 4.1.3).
func (c identityClaims) audiences() []string {
	var one string
	if json.Unmarshal(c.Audience, &one) == nil {
		return []string{one}
	}
	var all []string
	_ = json.Unmarshal(c.Audience, &all) // another form has no audience
	return all
}

// readIdentity reads the claims of a token without verifying it, to decide whether to send it. The control plane verifies it.
// Names of claims are case-sensitive (RFC 7519, section 4), and this decoder rejects repeated ones.
func readIdentity(token string) (c identityClaims, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return c, false
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	return c, err == nil && jose.Unmarshal(payload, &c) == nil
}

// identityTokens exchanges the identity of a pipeline for access tokens (RFC 7523, section 2.2).
type identityTokens struct {
	identity *WorkloadIdentity
	clientID string
	// base is the address of the control plane, and the only audience of a token that is sent to it.
	base   string
	client *http.Client
	// scopes are those to request; none requests all.
	scopes []string

	mu   sync.Mutex
	last string
}

// identitySource returns a source of access tokens for the identity. The transport is that of [Options].
func identitySource(baseURL, clientID string, identity *WorkloadIdentity, transport http.RoundTripper) oauth2.TokenSource {
	return &identityTokens{
		identity: identity, clientID: clientID, base: strings.TrimRight(baseURL, "/"), client: tokenClient(transport),
	}
}

// Token requests an access token. An identity for another audience is not sent: its receiver could use it there.
func (i *identityTokens) Token() (*oauth2.Token, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*tokenTimeout)
	defer cancel()
	token, err := i.identity.token(ctx, i.base)
	if err != nil {
		return nil, i.problem("The identity from " + i.identity.Source + " cannot be read: " + err.Error() + ".")
	}
	i.mu.Lock()
	i.last = token
	i.mu.Unlock()
	claims, ok := readIdentity(token)
	if !ok {
		return nil, i.problem("The identity from " + i.identity.Source + " is not a JSON Web Token. It was not sent.")
	}
	if audiences := claims.audiences(); len(audiences) != 1 || strings.TrimRight(audiences[0], "/") != i.base {
		return nil, i.problem("The identity from " + i.identity.Source + " is not for this control plane, and was not sent: its only " +
			"audience must be " + i.base + ". " + claims.describe())
	}
	config := clientcredentials.Config{
		ClientID: i.clientID, TokenURL: i.base + pathToken, AuthStyle: oauth2.AuthStyleInParams, Scopes: i.scopes,
		EndpointParams: url.Values{
			"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}, "client_assertion": {token},
		},
	}
	granted, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, i.client))
	var rejection *oauth2.RetrieveError
	if errors.As(err, &rejection) && rejection.ErrorCode != "" && rejection.Response.StatusCode < http.StatusInternalServerError &&
		rejection.Response.StatusCode != http.StatusTooManyRequests {
		return nil, i.problem("The token endpoint returned " + rejection.ErrorCode + " for the identity from " + i.identity.Source +
			": " + rejection.ErrorDescription + ". " + claims.describe())
	}
	return granted, err
}

// describe names issuer, audience and subject.
func (c identityClaims) describe() string {
	audience := strings.Join(c.audiences(), ", ")
	return fmt.Sprintf("It has the issuer %q, the audience %q and the subject %q.", c.Issuer, audience, c.Subject)
}

func (i *identityTokens) problem(detail string) error {
	return &identityError{Problem{
		Type: ProblemTypePrefix + ProblemUnauthenticated, Title: "The control plane does not accept the identity of this run",
		Status: http.StatusUnauthorized, Detail: detail,
	}}
}

// identityError is a problem whose words are partly those of others.
type identityError struct{ problem Problem }

func (e *identityError) Error() string { return e.problem.Error() }

func (i *identityTokens) withScopes(scopes []string) oauth2.TokenSource {
	return &identityTokens{identity: i.identity, clientID: i.clientID, base: i.base, client: i.client, scopes: scopes}
}

// secrets lists the token that was read last.
func (i *identityTokens) secrets() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	return []string{i.last, i.identity.secret}
}
