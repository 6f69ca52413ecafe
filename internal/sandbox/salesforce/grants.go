package salesforce

import (
	"errors"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// jwtBearerGrant is the OAuth 2.0 JWT bearer flow: a signed assertion instead of a secret.
func jwtBearerGrant(r *request) (*grantResult, *tokenError) {
	s := r.server
	var claims assertion
	token := r.form.Get("assertion")
	if err := sandbox.ReadToken(token, &claims); err != nil {
		return nil, newTokenError("invalid_grant", "invalid assertion").withReason(err.Error())
	}
	r.client, r.attempt.User = claims.Issuer, claims.user()
	if tokenErr := r.checkApp(false); tokenErr != nil {
		return nil, tokenErr
	}
	key, err := s.state.app.publicKey()
	if err != nil {
		return nil, newTokenError("invalid_grant", "invalid assertion").withReason(err.Error())
	}
	if tokenErr := claims.verify(token, key, s.acceptedAudiences(), s.Now()); tokenErr != nil {
		return nil, tokenErr
	}
	user := s.Find(claims.user())
	if user == nil {
		return nil, newTokenError("invalid_grant", notApproved).withReason("unknown user")
	}
	if tokenErr := r.checkUser(*user); tokenErr != nil {
		return nil, tokenErr
	}
	if !s.state.app.AdminApproved && !s.state.tokens.hasApproval(*user) {
		return nil, newTokenError("invalid_grant", notApproved)
	}
	result := r.startSession(*user, nil)
	result.withoutSignature = true
	return result, nil
}

// clientCredentialsGrant is the OAuth 2.0 client credentials flow, which runs as the user of the app's settings. It
// exists on My Domain only.
func clientCredentialsGrant(r *request) (*grantResult, *tokenError) {
	app := r.server.state.app
	if r.site != MyDomain {
		return nil, newTokenError("invalid_grant", "request not supported on this domain")
	}
	if tokenErr := r.checkApp(true); tokenErr != nil {
		return nil, tokenErr
	}
	if !app.ClientCredentials {
		return nil, newTokenError("invalid_grant", "client credentials flow not enabled")
	}
	user := r.server.Find(app.RunAs)
	if user == nil {
		return nil, newTokenError("invalid_grant", "no client credentials user enabled")
	}
	if tokenErr := r.checkUser(*user); tokenErr != nil {
		return nil, tokenErr
	}
	return r.startSession(*user, nil), nil
}

// refreshTokenGrant is the OAuth 2.0 refresh token flow.
func refreshTokenGrant(r *request) (*grantResult, *tokenError) {
	s := r.server
	if tokenErr := r.checkApp(s.state.app.SecretForRefresh); tokenErr != nil {
		return nil, tokenErr
	}
	found := s.state.tokens.findApproval(r.form.Get("refresh_token"))
	if found == nil {
		return nil, newTokenError("invalid_grant", expiredToken).withReason("unknown or revoked refresh token")
	}
	user := s.userByID(found.userID)
	if user == nil {
		return nil, newTokenError("invalid_grant", expiredToken).withReason("the user no longer exists")
	}
	if tokenErr := r.checkUser(*user); tokenErr != nil {
		return nil, tokenErr
	}
	result := r.startSession(*user, found)
	if s.state.app.RotateRefreshTokens {
		found.refreshToken = newRefreshToken()
		result.refreshToken = found.refreshToken
	}
	return result, nil
}

// codeGrant is the last step of the OAuth 2.0 web server flow.
func codeGrant(r *request) (*grantResult, *tokenError) {
	s := r.server
	if tokenErr := r.checkApp(s.state.app.SecretForCode); tokenErr != nil {
		return nil, tokenErr
	}
	found, err := s.pages.Redeem(r.form, r.client, codeLifetime)
	if err != nil {
		return nil, codeError(err)
	}
	user := s.userByID(found.AccountID)
	if user == nil {
		return nil, newTokenError("invalid_grant", "expired authorization code").withReason("the user no longer exists")
	}
	if tokenErr := r.checkUser(*user); tokenErr != nil {
		return nil, tokenErr
	}
	approval := s.state.tokens.addApproval(*user, found.Scopes)
	result := r.startSession(*user, approval)
	if slices.ContainsFunc(found.Scopes, isRefreshScope) {
		result.refreshToken = approval.refreshToken
	}
	if slices.Contains(found.Scopes, "openid") {
		if result.idToken, err = s.idToken(*user, result.session.token, found.Query.Get("nonce")); err != nil {
			return nil, newTokenError("server_error", err.Error())
		}
	}
	return result, nil
}

// codeError is the error for a code that cannot be redeemed.
func codeError(err error) *tokenError {
	switch {
	case errors.Is(err, oauthpages.ErrUsedCode), errors.Is(err, oauthpages.ErrExpiredCode):
		return newTokenError("invalid_grant", "expired authorization code").withReason(err.Error())
	case errors.Is(err, oauthpages.ErrRedirectURI):
		return newTokenError("redirect_uri_mismatch", tokenErrors["redirect_uri_mismatch"])
	case errors.Is(err, oauthpages.ErrVerifier), errors.Is(err, oauthpages.ErrNoVerifier):
		return newTokenError("invalid_grant", "invalid code verifier")
	}
	return newTokenError("invalid_grant", "invalid authorization code").withReason(err.Error())
}
