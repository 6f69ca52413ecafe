package salesforce

import (
	"net/http"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// revoke revokes a session, or a refresh token with its sessions. Salesforce accepts the token in the query as well.
func (s *Server) revoke(call *sandbox.Call) sandbox.Response {
	form, err := url.ParseQuery(string(call.Body))
	if err != nil {
		return newTokenError("invalid_request", "the form cannot be read").response()
	}
	token := form.Get("token")
	if token == "" {
		token = call.Request.URL.Query().Get("token")
	}
	tokens := &s.state.tokens
	switch {
	case token != "" && tokens.findApproval(token) != nil:
		tokens.revoke(func(a *approval) bool { return a.refreshToken == token })
	case tokens.sessions[token] != nil:
		delete(tokens.sessions, token)
	default:
		return newTokenError("invalid_token", "the token is invalid").response()
	}
	return sandbox.Response{Status: http.StatusOK}
}
