package suitecrm

import (
	"crypto/rand"
	"fmt"
	"net/http"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// token serves the token endpoint: POST access_token.
func (s *Server) token(call *sandbox.Call) sandbox.Response {
	if call.Request.Method != http.MethodPost {
		return oauthError(http.StatusMethodNotAllowed, "method_not_allowed", "Method not allowed. Must be one of: POST", "")
	}
	args := arguments(call)
	sent := rawArguments(call)
	attempt := sandbox.SignIn{Scheme: sent["grant_type"], User: sent["username"], Secret: sent["password"]}
	if response := scriptedFault(call, args); response != nil {
		attempt.Reason = "scripted"
		call.RecordSignIn(attempt)
		return *response
	}
	user, reason, response := s.grant(args)
	if response != nil {
		attempt.Reason = reason
		call.RecordSignIn(attempt)
		return *response
	}
	attempt.Accepted = true
	call.RecordSignIn(attempt)
	issued, err := s.issue(*user, args["grant_type"] != "client_credentials")
	if err != nil {
		return unknownError(err.Error())
	}
	return issued
}

// issue issues an access token.
func (s *Server) issue(user User, refreshable bool) (sandbox.Response, error) {
	now := s.Now()
	issued := &issuedToken{userID: user.ID, expires: now.Add(accessLifetime)}
	id := rand.Text()
	s.state.tokens[id] = issued
	// The claims are those of league/oauth2-server (AccessTokenTrait). The audience is the OAuth2 client.
	token, err := sandbox.SignToken(jwt.MapClaims{
		"aud": s.state.client.ID, "jti": id, "iat": now.Unix(), "nbf": now.Unix(), "exp": issued.expires.Unix(), "sub": user.ID,
		"scopes": []string{},
	}, "")
	if err != nil {
		return sandbox.Response{}, err
	}
	body := map[string]any{"token_type": "Bearer", "expires_in": int(accessLifetime.Seconds()), "access_token": token}
	if refreshable {
		issued.refresh = "def50200" + rand.Text() + rand.Text()
		body["refresh_token"] = issued.refresh
	}
	return jsonResponse(http.StatusOK, "application/json; charset=UTF-8", body), nil
}

// grant returns the user that signs in. If the request is rejected, it returns the reason for the record and the
// response. The OAuth2 client is checked before the user.
func (s *Server) grant(args map[string]string) (user *User, reason string, response *sandbox.Response) {
	reject := func(reason string, response sandbox.Response) (*User, string, *sandbox.Response) {
		return nil, reason, &response
	}
	const malformed = "The request is missing a required parameter, includes an invalid parameter value, includes a parameter " +
		"more than once, or is otherwise malformed."
	grant, client := args["grant_type"], s.state.client
	if grant != "password" && grant != "client_credentials" && grant != "refresh_token" {
		return reject("unknown grant", oauthError(http.StatusBadRequest, "unsupported_grant_type",
			"The authorization grant type is not supported by the authorization server.",
			"Check that all required parameters have been provided"))
	}
	switch {
	case args["client_id"] == "":
		return reject("no client", oauthError(http.StatusBadRequest, "invalid_request", malformed, "Check the `client_id` parameter"))
	case args["client_id"] != client.ID:
		return reject("unknown client", unknownError(fmt.Sprintf("OAuth2Clients module with id %s is not found", args["client_id"])))
	case args["client_secret"] != cleanMarkup(client.Secret), grant != client.Grant && grant != "refresh_token":
		return reject("wrong client secret or grant",
			oauthError(http.StatusUnauthorized, "invalid_client", "Client authentication failed", ""))
	}
	switch grant {
	case "client_credentials":
		if user = s.Find(client.RunAs); user == nil {
			return reject("unknown user", unknownError("No user found"))
		}
		return user, "", nil
	case "refresh_token":
		open := s.state.refreshableToken(args["refresh_token"])
		if open == nil {
			return reject("unknown refresh token", oauthError(http.StatusUnauthorized, "invalid_request",
				"The refresh token is invalid.", "Cannot decrypt the refresh token"))
		}
		open.revoked = true
		return s.userByID(open.userID), "", nil
	}
	// SuiteCRM's exception for a rejected sign-in contains the request's values, and the response repeats it
	// (UserRepository.php).
	if user = s.Find(args["username"]); user == nil {
		return reject("unknown user", unknownError("No user found with this username: "+args["username"]))
	}
	if cleanMarkup(user.Password) != args["password"] {
		return reject("wrong password", unknownError("The password is invalid: "+args["password"]))
	}
	return user, "", nil
}
