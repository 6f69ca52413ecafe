package salesforce

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// identityURL is the identity URL of a user and the organization. It is at the login host, whatever host was used to
// sign in.
func (s *Server) identityURL(u User) string {
	return s.LoginURL() + identityPath + longID(u.OrganizationID) + "/" + longID(u.ID)
}

// identityUser returns the user of a call to the identity services, or the response that rejects it with one word.
func (s *Server) identityUser(call *sandbox.Call, token string) (User, *sandbox.Response) {
	reject := func(status int, word string) (User, *sandbox.Response) {
		response := plainText(status, word)
		return User{}, &response
	}
	if token == "" {
		return reject(http.StatusForbidden, "Missing_OAuth_Token")
	}
	session, user := s.findSession(token)
	if session == nil {
		return reject(http.StatusForbidden, "Bad_OAuth_Token")
	}
	call.SetUser(user.Username, user.Username)
	if f, ok := call.Fault(KindIdentityError); ok {
		return reject(cmp.Or(f.Status, http.StatusForbidden), f.Code)
	}
	if !hasScope(session.scopes, "id", "openid", "profile") {
		return reject(http.StatusForbidden, "Bad_OAuth_Token")
	}
	return *user, nil
}

// hasScope reports whether one of the scopes, or the scope that includes all others, was granted.
func hasScope(granted []string, accepted ...string) bool {
	return slices.ContainsFunc(append(accepted, "full"), func(scope string) bool { return slices.Contains(granted, scope) })
}

// userInfo returns the signed-in user in the form of OpenID Connect.
func (s *Server) userInfo(call *sandbox.Call) sandbox.Response {
	user, rejection := s.identityUser(call, bearer(call))
	if rejection != nil {
		return *rejection
	}
	return call.Deepen(jsonResponse(http.StatusOK, map[string]any{
		"sub": s.identityURL(user), "user_id": longID(user.ID), "organization_id": longID(user.OrganizationID),
		"preferred_username": user.Username, "nickname": nickname(user), "name": user.Name(),
		"email": user.Email, "email_verified": true, "given_name": user.FirstName, "family_name": user.LastName,
		"zoneinfo": "Europe/London", "language": "en_US", "locale": "en_GB", "utcOffset": 0,
		"user_type": strings.ToUpper(user.Type), "active": user.Active, "is_app_installed": true,
		"is_salesforce_integration_user": false, "updated_at": s.state.objectsChanged.Format(timeFormat),
		"profile": s.instance() + "/" + longID(user.ID), "picture": s.instance() + "/profilephoto/005/F",
		"photos": map[string]string{
			"picture": s.instance() + "/profilephoto/005/F", "thumbnail": s.instance() + "/profilephoto/005/T",
		},
		"address": map[string]string{}, "urls": s.userURLs(user),
	}))
}

// identity serves the identity URL, which has the same data with other names.
func (s *Server) identity(call *sandbox.Call) sandbox.Response {
	user, rejection := s.identityUser(call, cmp.Or(bearer(call), call.Request.URL.Query().Get("oauth_token")))
	if rejection != nil {
		return *rejection
	}
	organization, id, _ := strings.Cut(strings.TrimPrefix(call.Request.URL.Path, identityPath), "/")
	switch {
	case !sameID(organization, user.OrganizationID):
		return plainText(http.StatusForbidden, "Wrong_Org")
	case !sameID(id, user.ID):
		return plainText(http.StatusNotFound, "Bad_Id")
	}
	return call.Deepen(jsonResponse(http.StatusOK, map[string]any{
		"id": s.identityURL(user), "asserted_user": true, "user_id": longID(user.ID),
		"organization_id": longID(user.OrganizationID), "username": user.Username, "nick_name": nickname(user),
		"display_name": user.Name(), "email": user.Email, "email_verified": true,
		"first_name": user.FirstName, "last_name": user.LastName, "timezone": "Europe/London",
		"status": map[string]any{"created_date": nil, "body": nil}, "urls": s.userURLs(user), "active": user.Active,
		"user_type": strings.ToUpper(user.Type), "language": "en_US", "locale": "en_GB", "utcOffset": 0,
		"last_modified_date": s.state.objectsChanged.Format(timeFormat), "is_app_installed": true,
	}))
}

func nickname(u User) string {
	name, _, _ := strings.Cut(u.Username, "@")
	return name
}

// userURLs are templates. The client replaces {version}.
func (s *Server) userURLs(u User) map[string]string {
	rest := s.instance() + dataPath + "/v{version}/"
	return map[string]string{
		"rest": rest, "sobjects": rest + "sobjects/", "query": rest + "query/", "search": rest + "search/",
		"recent": rest + "recent/", "tooling_rest": rest + "tooling/", "profile": s.instance() + "/" + longID(u.ID),
		"enterprise":    s.instance() + "/services/Soap/c/{version}/" + shortID(u.OrganizationID),
		"partner":       s.instance() + "/services/Soap/u/{version}/" + shortID(u.OrganizationID),
		"metadata":      s.instance() + "/services/Soap/m/{version}/" + shortID(u.OrganizationID),
		"custom_domain": s.MyDomainURL(),
	}
}
