package google

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Issuer is the issuer of ID tokens, whatever the address of the stand-in.
const Issuer = "https://accounts.google.com"

// keyID names the key of ID tokens.
const keyID = "a1b2c3d4e5f60718293a4b5c6d7e8f9001122334"

// idToken returns the ID token of a user (https://developers.google.com/identity/openid-connect/openid-connect).
func (s *Server) idToken(user User, g grant, accessToken string) (string, error) {
	now := s.Now()
	sum := sha256.Sum256([]byte(accessToken))
	claims := jwt.MapClaims{
		"iss": Issuer, "azp": g.client, "aud": g.client, "sub": user.ID, "hd": user.Domain(),
		"at_hash": base64.RawURLEncoding.EncodeToString(sum[:sha256.Size/2]),
		"iat":     now.Unix(), "exp": now.Add(accessTokenLifetime).Unix(),
	}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	if slices.Contains(g.scopes, scopeUserinfoEmail) {
		claims["email"], claims["email_verified"] = user.Email, true
	}
	if slices.Contains(g.scopes, scopeUserinfoProfile) {
		claims["name"], claims["given_name"], claims["family_name"] = user.Name(), user.GivenName, user.FamilyName
	}
	return sandbox.SignToken(claims, keyID)
}

// keys is the document with the key of ID tokens.
func keys() sandbox.Response {
	document, err := sandbox.KeySet(keyID, nil)
	if err != nil {
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	return jsonResponse(http.StatusOK, document)
}

// certificates is the document with the certificate of ID tokens, in the older form.
func certificates() sandbox.Response {
	certificate, err := signingCertificate()
	if err != nil {
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	return jsonResponse(http.StatusOK, map[string]string{keyID: certificate})
}

// signingCertificate is a self-signed certificate of the key that signs ID tokens.
var signingCertificate = sync.OnceValues(func() (string, error) {
	key, err := sandbox.SigningKey()
	if err != nil {
		return "", err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "federated-signon.system.gserviceaccount.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(1, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})), nil
})

// configuration is the discovery document of OpenID Connect.
func (s *Server) configuration() sandbox.Response {
	return jsonResponse(http.StatusOK, map[string]any{
		"issuer": Issuer, "authorization_endpoint": s.AuthorizeURL(), "token_endpoint": s.TokenURL(),
		"userinfo_endpoint": s.APIURL() + "/v1/userinfo", "jwks_uri": s.APIURL() + keysPath,
		"response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		"id_token_signing_alg_values_supported":          []string{"RS256"},
		"scopes_supported":                               []string{scopeOpenID, scopeEmail, scopeProfile},
		"code_challenge_methods_supported":               []string{"plain", "S256"},
		"authorization_response_iss_parameter_supported": true,
	})
}
