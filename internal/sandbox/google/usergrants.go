package google

import (
	"crypto/subtle"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// codeLifetime is how long an authorization code is valid. Google's documentation does not contain the value.
const codeLifetime = 10 * time.Minute

// checkClient checks the credentials of the OAuth client.
func (r *request) checkClient() (Client, *tokenError) {
	known := r.server.state.client
	switch {
	case r.form.Get("client_id") != known.ID:
		return Client{}, newTokenError("invalid_client", "The OAuth client was not found.")
	case known.Deleted:
		return Client{}, newTokenError("deleted_client", "The OAuth client was deleted.")
	case known.Disabled:
		return Client{}, newTokenError("disabled_client", "The OAuth client was disabled.")
	case subtle.ConstantTimeCompare([]byte(r.form.Get("client_secret")), []byte(known.Secret)) != 1:
		return Client{}, newTokenError("invalid_client", "The provided client secret is invalid.")
	}
	return known, nil
}

// activeUser returns the user of an approval.
func (r *request) activeUser(id string) (*User, *tokenError) {
	user := r.server.Find(id)
	if user == nil || user.Deleted || user.Suspended || user.Archived {
		return nil, newTokenError("invalid_grant", "Token has been expired or revoked.").withReason("the user is no longer active")
	}
	r.attempt.User = user.Email
	return user, nil
}

// refreshGrant returns a token for a refresh token, with the approved scopes or fewer.
func (r *request) refreshGrant() (grant, *tokenError) {
	refreshToken := r.form.Get("refresh_token")
	*r.attempt = sandbox.SignIn{Scheme: GrantRefreshToken, User: r.form.Get("client_id"), Secret: refreshToken}
	client, tokenErr := r.checkClient()
	if tokenErr != nil {
		return grant{}, tokenErr
	}
	approved, ok := r.server.state.tokens.refresh[refreshToken]
	if !ok {
		return grant{}, newTokenError("invalid_grant", "Bad Request").withReason("no such refresh token")
	}
	user, tokenErr := r.activeUser(approved.userID)
	if tokenErr != nil {
		return grant{}, tokenErr
	}
	scopes := approved.scopes
	if requested := strings.Fields(r.form.Get("scope")); len(requested) > 0 {
		if scopes = requested; !containsAll(approved.scopes, requested) {
			return grant{}, newTokenError("invalid_scope", "Bad Request")
		}
	}
	return grant{userID: user.ID, client: client.ID, scopes: scopes, refresh: refreshToken}, nil
}

// codeGrant returns a token for an authorization code. A refresh token requires access_type=offline and that the user has
// just seen the consent page.
func (r *request) codeGrant() (grant, *tokenError) {
	*r.attempt = sandbox.SignIn{Scheme: GrantCode, User: r.form.Get("client_id"), Secret: r.form.Get("code")}
	client, tokenErr := r.checkClient()
	if tokenErr != nil {
		return grant{}, tokenErr
	}
	code, err := r.server.pages.Redeem(r.form, client.ID, codeLifetime)
	if err != nil {
		return grant{}, codeError(err)
	}
	user, tokenErr := r.activeUser(code.AccountID)
	if tokenErr != nil {
		return grant{}, tokenErr
	}
	granted := grant{userID: user.ID, client: client.ID, scopes: slices.Clone(code.Scopes), nonce: code.Query.Get("nonce")}
	if code.Query.Get("access_type") == "offline" && code.Shown {
		r.refreshToken = newRefreshToken()
		r.server.state.tokens.refresh[r.refreshToken] = approval{userID: user.ID, scopes: granted.scopes}
		granted.refresh = r.refreshToken
	}
	return granted, nil
}

// codeError is the error for a code that cannot be redeemed.
func codeError(err error) *tokenError {
	var tokenErr *tokenError
	switch {
	case errors.Is(err, oauthpages.ErrRedirectURI):
		tokenErr = newTokenError("redirect_uri_mismatch", "Bad Request")
	case errors.Is(err, oauthpages.ErrVerifier):
		tokenErr = newTokenError("invalid_grant", "Invalid code verifier.")
	case errors.Is(err, oauthpages.ErrNoVerifier):
		tokenErr = newTokenError("invalid_grant", "Missing code verifier.")
	case errors.Is(err, oauthpages.ErrUnknownCode):
		tokenErr = newTokenError("invalid_grant", "Malformed auth code.")
	default:
		tokenErr = newTokenError("invalid_grant", "Bad Request")
	}
	return tokenErr.withReason(err.Error())
}
