package entra

import (
	"crypto/sha1" //nolint:gosec // the thumbprint that older clients send
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// assertionType is the parameter of a client that signs in with an assertion (RFC 7523, 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// leeway is the maximum difference between the clocks of client and server.
const leeway = 5 * time.Minute

// errThumbprint means that the assertion does not name a certificate of the app.
var errThumbprint = errors.New("the certificate is not registered")

// verifyAssertion verifies a client assertion: signed with a certificate of the app, issued by the app, for this
// endpoint, valid now, and not used before (certificate-credentials).
func (r *request) verifyAssertion(assertion string) *tokenError {
	if r.form.Get("client_assertion_type") != assertionType {
		return aadsts(900144, "The request body must contain the following parameter: 'client_assertion_type'.")
	}
	claims := jwt.RegisteredClaims{}
	err := sandbox.VerifyToken(assertion, &claims, r.keyOf, "PS256", "RS256")
	switch {
	case errors.Is(err, errThumbprint):
		return aadsts(700027, "The certificate with identifier used to sign the client assertion is not registered on "+
			"application. [Reason - The key was not found.]").withReason(err.Error())
	case err != nil:
		return aadsts(700027, "Client assertion failed signature validation. [Reason - The provided signature value did not "+
			"match the expected signature value.]").withReason(err.Error())
	}
	return r.verifyClaims(claims)
}

// keyOf returns the key of the certificate that the assertion's header names by either thumbprint.
func (r *request) keyOf(token *jwt.Token) (any, error) {
	for _, text := range r.app.Certificates {
		certificate, err := parseCertificate(text)
		if err != nil {
			return nil, err
		}
		long, short := sha256.Sum256(certificate.Raw), sha1.Sum(certificate.Raw) //nolint:gosec // as above
		if matchesThumbprint(token.Header["x5t#S256"], long[:]) || matchesThumbprint(token.Header["x5t"], short[:]) {
			return certificate.PublicKey, nil
		}
	}
	return nil, errThumbprint
}

func matchesThumbprint(header any, thumbprint []byte) bool {
	text, _ := header.(string)
	return strings.TrimRight(text, "=") == base64.RawURLEncoding.EncodeToString(thumbprint)
}

func (r *request) verifyClaims(c jwt.RegisteredClaims) *tokenError {
	d, now := r.directory, r.directory.now()
	endpoint := func(tenant string) string { return d.url() + "/" + tenant + "/oauth2/v2.0/token" }
	audiences := make([]string, 0, 1+len(r.tenant.Domains))
	audiences = append(audiences, endpoint(r.tenant.ID))
	for _, domain := range r.tenant.Domains {
		audiences = append(audiences, endpoint(domain))
	}
	accepted := func(name string) bool { return slices.Contains(audiences, name) }
	switch {
	case c.Issuer != r.app.ClientID || c.Subject != c.Issuer:
		return aadsts(700021, "Client assertion application identifier doesn't match 'client_id' parameter.")
	case !slices.ContainsFunc(c.Audience, accepted):
		return aadsts(700023, "Client assertion audience claim does not match Realm issuer.").
			withReason("for the audience " + strings.Join(c.Audience, ", "))
	case c.ExpiresAt == nil, now.After(c.ExpiresAt.Add(leeway)), c.NotBefore != nil && c.NotBefore.After(now.Add(leeway)):
		return aadsts(700024, "Client assertion is not within its valid time range. Current time: %s.", now.UTC().Format(time.RFC3339))
	case c.ID == "":
		return aadsts(50013, "Assertion is missing the claim 'jti'.")
	case !d.state.usedAssertions[c.ID].IsZero():
		return aadsts(50013, "Assertion was already used.").withReason("the id " + c.ID + " was presented before")
	}
	d.state.usedAssertions[c.ID] = c.ExpiresAt.Time
	return nil
}
