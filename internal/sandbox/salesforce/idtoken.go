package salesforce

import (
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

const (
	// keyID names the key of ID tokens.
	keyID = "230"
	// idTokenLifetime is how long an ID token is valid.
	idTokenLifetime = 2 * time.Minute
)

// idToken returns the ID token of a user. It names the user by the identity URL (Salesforce help, "OpenID Connect token
// introspection" and "ID token").
func (s *Server) idToken(user User, accessToken, nonce string) (string, error) {
	now := s.Now()
	sum := sha256.Sum256([]byte(accessToken))
	claims := jwt.MapClaims{
		"iss": s.LoginURL(), "sub": s.identityURL(user), "aud": s.state.app.ConsumerKey,
		"iat": now.Unix(), "exp": now.Add(idTokenLifetime).Unix(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2]),
	}
	if nonce != "" {
		claims["nonce"] = nonce
	}
	return sandbox.SignToken(claims, keyID)
}

// configuration is the discovery document of OpenID Connect.
func (s *Server) configuration() sandbox.Response {
	base := s.LoginURL()
	return jsonResponse(http.StatusOK, map[string]any{
		"issuer": base, "authorization_endpoint": base + authorizePath, "token_endpoint": base + tokenPath,
		"userinfo_endpoint": base + userInfoPath, "jwks_uri": base + keysPath,
		"scopes_supported":                      slices.Sorted(maps.Keys(scopeTexts)),
		"response_types_supported":              []string{"code"},
		"subject_types_supported":               []string{"public"},
		"id_token_signing_alg_values_supported": []string{"RS256"},
		"code_challenge_methods_supported":      []string{"S256"},
	})
}

// keys is the document with the key of ID tokens.
func (s *Server) keys() sandbox.Response {
	document, err := sandbox.KeySet(keyID, nil)
	if err != nil {
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	return jsonResponse(http.StatusOK, document)
}
