package entra

import (
	"errors"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// codeLifetime is how long an authorization code is valid (v2-oauth2-auth-code-flow, "Successful response").
const codeLifetime = 10 * time.Minute

// authorizationCode is the grant with an authorization code.
func authorizationCode(r *request) (*grantResult, *tokenError) {
	code, err := r.directory.pages.Redeem(r.form, r.app.ClientID, codeLifetime)
	if err != nil {
		return nil, codeError(err).withReason(err.Error())
	}
	scopes := code.Scopes
	if requested := strings.Fields(r.form.Get("scope")); len(requested) > 0 {
		scopes = requested
	}
	result, tokenErr := r.delegatedToken(approval{userID: code.AccountID, clientID: r.app.ClientID, scopes: code.Scopes}, scopes)
	if tokenErr == nil {
		result.nonce = code.Query.Get("nonce")
	}
	return result, tokenErr
}

// codeError is the error for a code that cannot be redeemed.
func codeError(err error) *tokenError {
	switch {
	case errors.Is(err, oauthpages.ErrUsedCode):
		return aadsts(54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing "+
			"refresh token.")
	case errors.Is(err, oauthpages.ErrExpiredCode):
		return aadsts(70008, "")
	case errors.Is(err, oauthpages.ErrRedirectURI):
		return aadsts(500112, "The reply address does not match the reply address provided when requesting Authorization code.")
	case errors.Is(err, oauthpages.ErrVerifier):
		return aadsts(501481, "")
	case errors.Is(err, oauthpages.ErrNoVerifier):
		return aadsts(50148, "The code_verifier does not match the code_challenge supplied in the authorization request for PKCE.")
	}
	return aadsts(9002313, "")
}
