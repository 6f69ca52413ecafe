package google

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// given is the parameter of a request, from its form or its query.
func given(call *sandbox.Call, name string) string {
	form, err := url.ParseQuery(string(call.Body))
	if err != nil {
		return ""
	}
	return cmp.Or(form.Get(name), call.Request.URL.Query().Get(name))
}

// revoke ends a token: an access token with the refresh token it comes from, or a refresh token with its access tokens.
func (s *Server) revoke(call *sandbox.Call) sandbox.Response {
	token, tokens := given(call, "token"), &s.state.tokens
	refresh := token
	if g, ok := tokens.access[token]; ok {
		delete(tokens.access, token)
		refresh = g.refresh
	} else if _, ok := tokens.refresh[token]; !ok {
		return newTokenError("invalid_token", "Token expired or revoked").answer()
	}
	delete(tokens.refresh, refresh)
	for access, g := range tokens.access {
		if g.refresh != "" && g.refresh == refresh {
			delete(tokens.access, access)
		}
	}
	return jsonResponse(http.StatusOK, struct{}{})
}

// tokenInfo tells what an access token is good for, wherever the request has it.
func (s *Server) tokenInfo(call *sandbox.Call) sandbox.Response {
	g, ok := s.live(cmp.Or(given(call, "access_token"), call.Token("Bearer")))
	holder := s.holder(g)
	if !ok || holder == nil {
		return newTokenError("invalid_token", "Invalid Value").answer()
	}
	access := "online"
	if g.refresh != "" {
		access = "offline"
	}
	info := map[string]any{
		"azp": g.client, "aud": g.client, "scope": strings.Join(g.scopes, " "), "access_type": access,
		"exp": g.expires.Unix(), "expires_in": int(g.expires.Sub(s.now()).Seconds()),
	}
	if g.allows(scopeEmail, scopeUserinfoEmail, scopeOpenID) {
		info["sub"], info["email"], info["email_verified"] = holder.ID, holder.Email, true
	}
	return jsonResponse(http.StatusOK, info)
}

// userInfo is OpenID Connect's view of who somebody is.
func (s *Server) userInfo(call *sandbox.Call) sandbox.Response {
	g, ok := s.live(call.Token("Bearer"))
	holder := s.holder(g)
	if !ok || holder == nil || !g.allows(scopeOpenID, scopeEmail, scopeProfile, scopeUserinfoEmail, scopeUserinfoProfile) {
		answer := newTokenError("invalid_request", "Invalid Credentials").answer()
		answer.Status = http.StatusUnauthorized
		answer.Header.Set("Www-Authenticate", challenge+`, error="invalid_token"`)
		return answer
	}
	call.SetUser(holder.Email, holder.Email)
	info := map[string]any{"sub": holder.ID}
	if g.allows(scopeEmail, scopeUserinfoEmail) {
		info["email"], info["email_verified"] = holder.Email, true
		if holder.CustomerID != "" {
			info["hd"] = holder.Domain()
		}
	}
	if g.allows(scopeProfile, scopeUserinfoProfile) {
		info["name"], info["given_name"], info["family_name"] = holder.Name(), holder.GivenName, holder.FamilyName
	}
	return jsonResponse(http.StatusOK, info)
}
