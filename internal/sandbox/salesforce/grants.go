package salesforce

import (
	"crypto/sha256"
	"encoding/base64"
)

// jwtBearerGrant is the OAuth 2.0 JWT bearer flow: no secret, a signed assertion.
func jwtBearerGrant(r *request) (*granted, *tokenError) {
	s := r.server
	claims, err := readAssertion(r.form.Get("assertion"))
	if err != nil {
		return nil, newTokenError("invalid_grant", "invalid assertion").because(err.Error())
	}
	r.client, r.attempt.User = claims.Issuer, claims.user()
	if refused := r.app(false); refused != nil {
		return nil, refused
	}
	key, err := s.state.app.publicKey()
	if err != nil {
		return nil, newTokenError("invalid_grant", "invalid assertion").because(err.Error())
	}
	if refused := claims.verify(key, s.knownAudiences(), s.now()); refused != nil {
		return nil, refused
	}
	user := s.state.user(claims.user())
	if user == nil {
		return nil, newTokenError("invalid_grant", notApproved).because("unknown user")
	}
	if refused := r.admit(*user); refused != nil {
		return nil, refused
	}
	if !s.state.app.AdminApproved && !s.state.tokens.approved(*user) {
		return nil, newTokenError("invalid_grant", notApproved)
	}
	result := r.begin(*user, nil)
	result.unsigned = true
	return result, nil
}

// clientCredentialsGrant is the OAuth 2.0 client credentials flow, which runs as the user that the app names. It is
// there on My Domain only.
func clientCredentialsGrant(r *request) (*granted, *tokenError) {
	app := r.server.state.app
	if r.site != MyDomain {
		return nil, newTokenError("invalid_grant", "request not supported on this domain")
	}
	if refused := r.app(true); refused != nil {
		return nil, refused
	}
	if !app.ClientCredentials {
		return nil, newTokenError("invalid_grant", "client credentials flow not enabled")
	}
	user := r.server.state.user(app.RunAs)
	if user == nil {
		return nil, newTokenError("invalid_grant", "no client credentials user enabled")
	}
	if refused := r.admit(*user); refused != nil {
		return nil, refused
	}
	return r.begin(*user, nil), nil
}

// refreshTokenGrant is the OAuth 2.0 refresh token flow.
func refreshTokenGrant(r *request) (*granted, *tokenError) {
	s := r.server
	if refused := r.app(s.state.app.SecretForRefresh); refused != nil {
		return nil, refused
	}
	found := s.state.tokens.approval(r.form.Get("refresh_token"))
	if found == nil {
		return nil, newTokenError("invalid_grant", expiredToken).because("unknown or revoked refresh token")
	}
	user := s.state.userByID(found.userID)
	if user == nil {
		return nil, newTokenError("invalid_grant", expiredToken).because("the user is gone")
	}
	if refused := r.admit(*user); refused != nil {
		return nil, refused
	}
	result := r.begin(*user, found)
	if s.state.app.RotateRefreshTokens {
		found.refreshToken = newRefreshToken()
		result.refreshToken = found.refreshToken
	}
	return result, nil
}

// codeGrant is the end of the OAuth 2.0 web server flow.
func codeGrant(r *request) (*granted, *tokenError) {
	s := r.server
	if refused := r.app(s.state.app.SecretForCode); refused != nil {
		return nil, refused
	}
	found := s.state.tokens.codes[r.form.Get("code")]
	switch {
	case found == nil:
		return nil, newTokenError("invalid_grant", "invalid authorization code")
	case found.used || s.now().Sub(found.issued) >= codeLifetime:
		return nil, newTokenError("invalid_grant", "expired authorization code")
	case r.form.Get("redirect_uri") != found.redirectURI:
		return nil, newTokenError("redirect_uri_mismatch", tokenErrors["redirect_uri_mismatch"])
	case found.challenge != "" && challengeOf(r.form.Get("code_verifier")) != found.challenge:
		return nil, newTokenError("invalid_grant", "invalid code verifier")
	}
	found.used = true
	user := s.state.userByID(found.userID)
	if user == nil {
		return nil, newTokenError("invalid_grant", "expired authorization code").because("the user is gone")
	}
	if refused := r.admit(*user); refused != nil {
		return nil, refused
	}
	given := s.state.tokens.approve(*user, found.scopes)
	result := r.begin(*user, given)
	for _, scope := range found.scopes {
		if isRefresh(scope) {
			result.refreshToken = given.refreshToken
		}
	}
	return result, nil
}

// challengeOf is PKCE's S256 (RFC 7636, 4.2).
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
