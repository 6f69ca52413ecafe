package suitecrm

import (
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// token is the token endpoint: POST access_token.
func (s *Server) token(call *sandbox.Call) sandbox.Response {
	if call.Request.Method != http.MethodPost {
		return oauthError(http.StatusMethodNotAllowed, "method_not_allowed", "Method not allowed. Must be one of: POST", "")
	}
	args := arguments(call)
	sent := raw(call)
	attempt := sandbox.SignIn{Scheme: sent["grant_type"], User: sent["username"], Secret: sent["password"]}
	if failed := fault(call, args); failed != nil {
		attempt.Reason = "scripted"
		call.RecordSignIn(attempt)
		return *failed
	}
	user, reason, failed := s.grant(args)
	if failed != nil {
		attempt.Reason = reason
		call.RecordSignIn(attempt)
		return *failed
	}
	attempt.Accepted = true
	call.RecordSignIn(attempt)
	answer, err := s.issue(*user, args["grant_type"] != "client_credentials")
	if err != nil {
		return unknown(err.Error())
	}
	return answer
}

// issue gives out an access token.
func (s *Server) issue(user User, refreshable bool) (sandbox.Response, error) {
	now := s.now()
	given := &issued{userID: user.ID, expires: now.Add(accessLifetime)}
	id := rand.Text()
	s.state.tokens[id] = given
	token, err := signed(claims{
		Audience: s.state.client.ID, ID: id, IssuedAt: now.Unix(), NotBefore: now.Unix(), Expires: given.expires.Unix(),
		Subject: user.ID, Scopes: []string{},
	})
	if err != nil {
		return sandbox.Response{}, err
	}
	said := map[string]any{"token_type": "Bearer", "expires_in": int(accessLifetime.Seconds()), "access_token": token}
	if refreshable {
		given.refresh = "def50200" + rand.Text() + rand.Text()
		said["refresh_token"] = given.refresh
	}
	return jsonResponse(http.StatusOK, "application/json; charset=UTF-8", said), nil
}

// grant finds who signs in, or says why nobody does: first the OAuth2 client is looked at, then the user.
func (s *Server) grant(args map[string]string) (user *User, reason string, failed *sandbox.Response) {
	no := func(reason string, answer sandbox.Response) (*User, string, *sandbox.Response) {
		return nil, reason, &answer
	}
	const malformed = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter " +
		"more than once, or is otherwise malformed."
	grant, client := args["grant_type"], s.state.client
	if grant != "password" && grant != "client_credentials" && grant != "refresh_token" {
		return no("unknown grant", oauthError(http.StatusBadRequest, "unsupported_grant_type",
			"The authorization grant type is not supported by the authorization server.",
			"Check that all required parameters have been provided"))
	}
	switch {
	case args["client_id"] == "":
		return no("no client", oauthError(http.StatusBadRequest, "invalid_request", malformed, "Check the `client_id` parameter"))
	case args["client_id"] != client.ID:
		return no("unknown client", unknown(fmt.Sprintf("OAuth2Clients module with id %s is not found", args["client_id"])))
	case args["client_secret"] != clean(client.Secret), grant != client.Grant && grant != "refresh_token":
		return no("wrong client secret or grant",
			oauthError(http.StatusUnauthorized, "invalid_client", "Client authentication failed", ""))
	}
	switch grant {
	case "client_credentials":
		if user = s.state.user(client.RunAs); user == nil {
			return no("unknown user", unknown("No user found"))
		}
		return user, "", nil
	case "refresh_token":
		open := s.state.refreshable(args["refresh_token"])
		if open == nil {
			return no("unknown refresh token", oauthError(http.StatusUnauthorized, "invalid_request",
				"The refresh token is invalid.", "Cannot decrypt the refresh token"))
		}
		open.revoked = true
		return s.state.find(func(u User) bool { return u.ID == open.userID }), "", nil
	}
	// What SuiteCRM throws when a sign-in is refused holds what was sent, and goes out as it is (UserRepository.php).
	if user = s.state.user(args["username"]); user == nil {
		return no("unknown user", unknown("No user found with this username: "+args["username"]))
	}
	if clean(user.Password) != args["password"] {
		return no("wrong password", unknown("The password is invalid: "+args["password"]))
	}
	return user, "", nil
}
