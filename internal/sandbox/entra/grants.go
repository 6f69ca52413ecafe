package entra

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	// codeLifetime is how long an authorization code is good.
	codeLifetime = 10 * time.Minute
	// inactivity is how long a refresh token lives when it is not used.
	inactivity = 90 * 24 * time.Hour
	// defaults asks for all that is granted.
	defaults = "/.default"
)

// identityScopes ask about the person, not for an API.
var identityScopes = []string{"openid", "profile", "email", "offline_access"}

// approval is what a refresh token stands for: a user's consent to an app. Using it gives a new one, and the old one stays
// good (refresh-tokens, "Token lifetime").
type approval struct {
	userID   string
	clientID string
	scopes   []string
	issued   time.Time
	revoked  bool
}

// code is an authorization code.
type code struct {
	approval
	redirectURI string
	challenge   string // PKCE's, S256; empty: none
	nonce       string
	used        bool
}

// target finds the API that the scopes are for, and the permissions asked for at it.
func (r *request) target(scopes []string) (*granted, *tokenError) {
	result := &granted{}
	for _, scope := range scopes {
		if slices.Contains(identityScopes, scope) {
			continue
		}
		at := strings.LastIndex(scope, "/")
		name, permission := "https://graph.microsoft.com", scope // a bare permission is one of Microsoft Graph
		if at > 0 {
			name, permission = scope[:at], scope[at+1:]
		}
		found := r.directory.state.resource(name)
		switch {
		case found == nil:
			return nil, newTokenError(500011, "The resource principal named %s was not found in the tenant named %s. This can happen if the "+
				"application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
				name, r.tenant.Name)
		case result.resource.AppID != "" && result.resource.AppID != found.AppID:
			return nil, newTokenError(28000, "Provided value for the input parameter scope is not valid because it contains more than one "+
				"resource.")
		}
		result.resource, result.name = *found, strings.TrimRight(name, "/")
		result.scopes = append(result.scopes, permission)
	}
	if result.resource.AppID == "" {
		return nil, newTokenError(70011, "The provided value for the input parameter 'scope' is not valid. The scope '%s' does not exist.",
			strings.Join(scopes, " "))
	}
	return result, nil
}

// clientCredentials is the grant for the application itself.
func clientCredentials(r *request) (*granted, *tokenError) {
	scope := r.form.Get("scope")
	// Libraries add the identity scopes, which mean nothing here.
	asked := slices.DeleteFunc(strings.Fields(scope), func(s string) bool { return slices.Contains(identityScopes, s) })
	if len(asked) != 1 || !strings.HasSuffix(asked[0], defaults) {
		return nil, newTokenError(1002012, "The provided value for scope %s is not valid. Client credential flows must have a scope value "+
			"with /.default suffixed to the resource identifier (application ID URI).", scope)
	}
	result, no := r.target(asked)
	if no == nil {
		result.scopes = nil
	}
	return result, no
}

// refreshToken is the grant with a refresh token.
func refreshToken(r *request) (*granted, *tokenError) {
	s := r.directory.state
	found := s.refresh[r.form.Get("refresh_token")]
	switch {
	case found == nil || found.clientID != r.app.ClientID:
		return nil, newTokenError(9002313, "Invalid request. Request is malformed or invalid.").because("unknown refresh token")
	case found.revoked:
		return nil, newTokenError(50173, "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user "+
			"might have changed or reset their password.")
	case r.directory.now().Sub(found.issued) >= inactivity:
		return nil, newTokenError(700082, "The refresh token has expired due to inactivity. The token was issued on %s and was inactive "+
			"for 90.00:00:00.", found.issued.UTC().Format(time.RFC3339))
	}
	scopes := found.scopes
	if asked := strings.Fields(r.form.Get("scope")); len(asked) > 0 {
		scopes = asked
	}
	return r.delegated(*found, scopes)
}

// delegated is a token for a user's application.
func (r *request) delegated(from approval, scopes []string) (*granted, *tokenError) {
	user := r.directory.state.user(from.userID)
	if no := r.admit(user); no != nil {
		return nil, no
	}
	r.attempt.User = user.UPN
	result, no := r.target(scopes)
	if no != nil {
		return nil, no
	}
	consent := r.app.Consents[result.resource.AppID].Scopes
	if slices.Contains(result.scopes, strings.TrimPrefix(defaults, "/")) {
		result.scopes = slices.Clone(consent)
	}
	if len(consent) == 0 || slices.ContainsFunc(result.scopes, func(s string) bool { return !slices.Contains(consent, s) }) {
		return nil, newTokenError(65001, "The user or administrator has not consented to use the application with ID '%s' named '%s'. Send "+
			"an interactive authorization request for this user and resource.", r.app.ClientID, r.app.Name)
	}
	from.issued = r.directory.now()
	result.user, result.approval = user, &from
	return result, nil
}

// admit checks whether a user may sign in at all.
func (r *request) admit(user *User) *tokenError {
	switch {
	case user == nil:
		return newTokenError(50034, "")
	case user.TenantID != r.tenant.ID:
		return newTokenError(50020, "User account '%s' from identity provider does not exist in tenant '%s' and cannot access the "+
			"application '%s' in that tenant.", user.UPN, r.tenant.Name, r.app.ClientID)
	case !user.Enabled:
		return newTokenError(50057, "")
	case user.Locked:
		return newTokenError(50053, "")
	case user.PasswordExpired:
		return newTokenError(50055, "")
	case user.MFA:
		return newTokenError(50076, "")
	}
	return nil
}

// authorizationCode is the end of the grant that begins with a person at the authorize page.
func authorizationCode(r *request) (*granted, *tokenError) {
	found := r.directory.state.codes[r.form.Get("code")]
	switch {
	case found == nil || found.clientID != r.app.ClientID:
		return nil, newTokenError(9002313, "Invalid request. Request is malformed or invalid.").because("unknown code")
	case found.used:
		return nil, newTokenError(54005, "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an "+
			"existing refresh token.")
	case r.directory.now().Sub(found.issued) >= codeLifetime:
		return nil, newTokenError(70008, "")
	case r.form.Get("redirect_uri") != found.redirectURI:
		return nil, newTokenError(50011, "")
	case found.challenge != "" && challengeOf(r.form.Get("code_verifier")) != found.challenge:
		return nil, newTokenError(501481, "")
	}
	found.used = true
	result, no := r.delegated(found.approval, found.scopes)
	if no == nil {
		result.nonce = found.nonce
	}
	return result, no
}

// challengeOf is PKCE's S256 (RFC 7636, 4.2).
func challengeOf(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// keep keeps an approval and gives the refresh token for it.
func (s *state) keep(a approval) string {
	token := "1.A" + rand.Text() + "." + rand.Text() + rand.Text() + "-" + uuid.NewString()
	s.refresh[token] = &a
	return token
}
