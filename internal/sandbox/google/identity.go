package google

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// parameter returns a parameter of a request, from its form or its query.
func parameter(call *sandbox.Call, name string) string {
	form, err := url.ParseQuery(string(call.Body))
	if err != nil {
		return ""
	}
	return cmp.Or(form.Get(name), call.Request.URL.Query().Get(name))
}

// tokenInfo describes an access token, which may be in the form, the query or the header.
func (s *Server) tokenInfo(call *sandbox.Call) sandbox.Response {
	g, ok := s.findGrant(cmp.Or(parameter(call, "access_token"), call.Token("Bearer")))
	user := s.userOf(g)
	if !ok || user == nil {
		return newTokenError("invalid_token", "Invalid Value").response()
	}
	access := "online"
	if g.refresh != "" {
		access = "offline"
	}
	info := map[string]any{
		"azp": g.client, "aud": g.client, "scope": strings.Join(g.scopes, " "), "access_type": access,
		"exp": g.expires.Unix(), "expires_in": int(g.expires.Sub(s.Now()).Seconds()),
	}
	if g.allows(scopeEmail, scopeUserinfoEmail, scopeOpenID) {
		info["sub"], info["email"], info["email_verified"] = user.ID, user.Email, true
	}
	return jsonResponse(http.StatusOK, info)
}

// userInfo returns the user of an access token in the form of OpenID Connect, or of version 2 of the API.
func (s *Server) userInfo(call *sandbox.Call) sandbox.Response {
	g, ok := s.findGrant(call.Token("Bearer"))
	user := s.userOf(g)
	if !ok || user == nil || !g.allows(scopeOpenID, scopeEmail, scopeProfile, scopeUserinfoEmail, scopeUserinfoProfile) {
		response := newTokenError("invalid_request", "Invalid Credentials").response()
		response.Status = http.StatusUnauthorized
		response.Header.Set("Www-Authenticate", challenge+`, error="invalid_token"`)
		return response
	}
	call.SetUser(user.Email, user.Email)
	id, verified := "sub", "email_verified"
	if call.Request.URL.Path == userInfoV2 {
		id, verified = "id", "verified_email"
	}
	info := map[string]any{id: user.ID}
	if g.allows(scopeEmail, scopeUserinfoEmail) {
		info["email"], info[verified] = user.Email, true
		if user.CustomerID != "" {
			info["hd"] = user.Domain()
		}
	}
	if g.allows(scopeProfile, scopeUserinfoProfile) {
		info["name"], info["given_name"], info["family_name"] = user.Name(), user.GivenName, user.FamilyName
	}
	return jsonResponse(http.StatusOK, info)
}
