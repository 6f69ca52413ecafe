package entra

import (
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	// refreshTokenLifetime is how long a refresh token is valid without being used.
	refreshTokenLifetime = 90 * 24 * time.Hour
	// graph is the resource of bare permissions.
	graph = "https://graph.microsoft.com"
	// defaultScope requests all granted permissions.
	defaultScope = "/.default"
)

// identityScopes request claims about the user, not permissions of an API.
var identityScopes = []string{"openid", "profile", "email", "offline_access"}

// approval is a user's consent to an app. A refresh token represents one. Using the token returns a new one, and the
// old one stays valid (refresh-tokens, "Token lifetime").
type approval struct {
	userID   string
	clientID string
	scopes   []string
	issued   time.Time
	revoked  bool
}

// resolveScopes finds the API that the scopes are for, and the permissions that they request.
func (r *request) resolveScopes(scopes []string) (*grantResult, *tokenError) {
	result := &grantResult{}
	for _, scope := range scopes {
		if slices.Contains(identityScopes, scope) {
			continue
		}
		at := strings.LastIndex(scope, "/")
		name, permission := graph, scope // a bare permission belongs to Microsoft Graph
		if at > 0 {
			name, permission = scope[:at], scope[at+1:]
		}
		found := r.directory.state.resource(name)
		switch {
		case found == nil:
			return nil, aadsts(500011, "The resource principal named %s was not found in the tenant named %s. This can happen if the "+
				"application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
				name, r.tenant.Name)
		case result.resource.AppID != "" && result.resource.AppID != found.AppID:
			return nil, aadsts(28000, "Provided value for the input parameter scope is not valid because it contains more than one "+
				"resource.")
		}
		result.resource, result.name = *found, strings.TrimRight(name, "/")
		result.scopes = append(result.scopes, permission)
	}
	found := r.directory.state.resource(graph)
	if result.resource.AppID == "" && len(scopes) > 0 && found != nil { // identity scopes alone are those of Microsoft Graph
		result.resource, result.name = *found, graph
		return result, nil
	}
	if result.resource.AppID == "" {
		return nil, aadsts(70011, "The provided value for the input parameter 'scope' is not valid. The scope '%s' does not exist.",
			strings.Join(scopes, " "))
	}
	return result, nil
}

// clientCredentials is the grant for the application itself.
func clientCredentials(r *request) (*grantResult, *tokenError) {
	scope := r.form.Get("scope")
	// Libraries add the identity scopes, which have no meaning here.
	requested := slices.DeleteFunc(strings.Fields(scope), func(s string) bool { return slices.Contains(identityScopes, s) })
	if len(requested) != 1 || !strings.HasSuffix(requested[0], defaultScope) {
		return nil, aadsts(1002012, "The provided value for scope %s is not valid. Client credential flows must have a scope value "+
			"with /.default suffixed to the resource identifier (application ID URI).", scope)
	}
	result, tokenErr := r.resolveScopes(requested)
	if tokenErr == nil {
		result.scopes = nil
	}
	return result, tokenErr
}

// refreshToken is the grant with a refresh token.
func refreshToken(r *request) (*grantResult, *tokenError) {
	s := &r.directory.state
	found := s.refreshTokens[r.form.Get("refresh_token")]
	switch {
	case found == nil || found.clientID != r.app.ClientID:
		return nil, aadsts(9002313, "Invalid request. Request is malformed or invalid.").withReason("unknown refresh token")
	case found.revoked:
		return nil, aadsts(50173, "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user "+
			"might have changed or reset their password.")
	case r.directory.now().Sub(found.issued) >= refreshTokenLifetime:
		return nil, aadsts(700082, "The refresh token has expired due to inactivity. The token was issued on %s and was inactive "+
			"for 90.00:00:00.", found.issued.UTC().Format(time.RFC3339))
	}
	scopes := found.scopes
	if requested := strings.Fields(r.form.Get("scope")); len(requested) > 0 {
		scopes = requested
	}
	return r.delegatedToken(*found, scopes)
}

// delegatedToken is a token for an application that acts for a user.
func (r *request) delegatedToken(from approval, scopes []string) (*grantResult, *tokenError) {
	user := r.directory.Find(from.userID)
	if tokenErr := r.checkUser(user); tokenErr != nil {
		return nil, tokenErr
	}
	r.attempt.User = user.UPN
	result, tokenErr := r.resolveScopes(scopes)
	if tokenErr != nil {
		return nil, tokenErr
	}
	consent := r.directory.consented(r.app, user.ID)[result.resource.AppID]
	if slices.Contains(result.scopes, strings.TrimPrefix(defaultScope, "/")) {
		result.scopes = slices.Clone(consent)
	}
	if len(consent) == 0 || slices.ContainsFunc(result.scopes, func(s string) bool { return !slices.Contains(consent, s) }) {
		return nil, aadsts(65001, "The user or administrator has not consented to use the application with ID '%s' named '%s'. Send "+
			"an interactive authorization request for this user and resource.", r.app.ClientID, r.app.Name)
	}
	from.issued = r.directory.now()
	result.user, result.approval, result.openID = user, &from, slices.Contains(scopes, "openid")
	return result, nil
}

// checkUser checks whether a user may sign in.
func (r *request) checkUser(user *User) *tokenError {
	switch {
	case user == nil:
		return aadsts(50034, "")
	case user.TenantID != r.tenant.ID:
		return aadsts(50020, "User account '%s' from identity provider does not exist in tenant '%s' and cannot access the "+
			"application '%s' in that tenant.", user.UPN, r.tenant.Name, r.app.ClientID)
	case !user.Enabled:
		return aadsts(50057, "")
	case user.Locked:
		return aadsts(50053, "")
	case user.PasswordExpired:
		return aadsts(50055, "")
	case user.MFA:
		return aadsts(50076, "")
	}
	return nil
}

// addRefreshToken stores an approval and returns its refresh token.
func (s *state) addRefreshToken(a approval) string {
	token := "1.A" + rand.Text() + "." + rand.Text() + rand.Text() + "-" + uuid.NewString()
	s.refreshTokens[token] = &a
	return token
}
