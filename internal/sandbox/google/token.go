package google

import (
	"cmp"
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The grants of the token endpoint, as they are recorded.
const (
	GrantJWTBearer    = "jwt_bearer"
	GrantRefreshToken = "refresh_token"
)

// jwtBearer is what RFC 7523 calls the grant.
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// tokenError is why a token is not given.
type tokenError struct {
	code, description string
	reason            string // for the record only; empty: the description
}

func newTokenError(code, description string) *tokenError {
	return &tokenError{code: code, description: description}
}

// because tells the record more than the client.
func (r *tokenError) because(reason string) *tokenError {
	r.reason = reason
	return r
}

func (r *tokenError) answer() sandbox.Response {
	return jsonResponse(cmp.Or(tokenStatus[r.code], http.StatusBadRequest), struct {
		Error       string `json:"error"`
		Description string `json:"error_description,omitempty"`
	}{r.code, r.description})
}

// request is one request for a token.
type request struct {
	server  *Server
	form    url.Values
	attempt *sandbox.SignIn
}

// token serves the token endpoint. Fields it does not know are ignored, and so is the query: secrets have no place there.
func (s *Server) token(call *sandbox.Call) sandbox.Response {
	form, err := url.ParseQuery(string(call.Body))
	if call.Request.Method != http.MethodPost || err != nil {
		return newTokenError("invalid_request", "Invalid request: a form is expected").answer()
	}
	if answer, ok := echo(call, form); ok {
		return answer
	}
	r := &request{server: s, form: form, attempt: new(sandbox.SignIn)}
	var given grant
	var refused *tokenError
	serve := r.unknown
	switch form.Get("grant_type") {
	case jwtBearer:
		serve = r.assertion
	case "refresh_token":
		serve = r.refresh
	}
	given, refused = serve()
	if f, ok := call.Fault(KindTokenError); ok {
		refused = newTokenError(f.Code, cmp.Or(f.Message, tokenErrors[f.Code])).because("scripted")
	}
	if refused != nil {
		r.attempt.Reason = cmp.Or(refused.reason, refused.description)
		call.RecordSignIn(*r.attempt)
		return refused.answer()
	}
	r.attempt.Accepted = true
	call.RecordSignIn(*r.attempt)
	holder := s.holder(given)
	call.SetUser(holder.Email, holder.Email)
	if _, ok := call.Fault(KindDeep); ok {
		return deep()
	}
	given.expires = s.now().Add(lifetime)
	answer := map[string]any{
		"access_token": s.state.tokens.open(given), "expires_in": int(lifetime.Seconds()) - 1, "token_type": "Bearer",
	}
	if given.refresh != "" {
		answer["scope"] = strings.Join(given.scopes, " ")
	}
	return jsonResponse(http.StatusOK, answer)
}

func (r *request) unknown() (grant, *tokenError) {
	return grant{}, newTokenError("unsupported_grant_type", "Invalid grant_type: "+r.form.Get("grant_type"))
}

// assertion gives a token to the service account, for whom the assertion names.
func (r *request) assertion() (grant, *tokenError) {
	*r.attempt = sandbox.SignIn{Scheme: GrantJWTBearer, Secret: r.form.Get("assertion")}
	a, err := readAssertion(r.form.Get("assertion"))
	if err != nil {
		return grant{}, newTokenError("invalid_grant", "Invalid JWT Signature.").because(err.Error())
	}
	s, robot := r.server, r.server.state.serviceAccount
	r.attempt.User = cmp.Or(a.user(), a.Issuer)
	if refused := a.verify(robot, []string{Audience, s.TokenURL()}, s.now()); refused != nil {
		return grant{}, refused
	}
	given := grant{client: robot.ClientID, scopes: strings.Fields(a.Scope)}
	if len(given.scopes) == 0 || !containsAll(knownScopes(), given.scopes) {
		return grant{}, newTokenError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
	}
	if a.user() == "" || a.user() == robot.Email { // with no delegation at all
		return given, nil
	}
	user, refused := r.delegated(a.user(), given.scopes)
	if refused != nil {
		return grant{}, refused
	}
	given.userID = user.ID
	return given, nil
}

// delegated finds whom the service account may act as. A suspended user is one of them: the APIs know the difference.
func (r *request) delegated(address string, scopes []string) (*User, *tokenError) {
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		return nil, newTokenError("invalid_grant", "Not a valid email.")
	}
	state := r.server.state
	user := state.user(address)
	switch {
	case user == nil:
		return nil, newTokenError("invalid_grant", "Invalid email or User ID")
	case user.Deleted:
		return nil, newTokenError("invalid_grant", "The account has been deleted")
	case user.CustomerID != state.users[0].CustomerID:
		return nil, newTokenError("unauthorized_client", notDelegated).because("another customer's user")
	case !containsAll(state.serviceAccount.Delegated, scopes):
		return nil, newTokenError("unauthorized_client", notDelegated).
			because(fmt.Sprintf("%s is not delegated", strings.Join(scopes, " ")))
	}
	return user, nil
}

// refresh gives a token for a refresh token, with the scopes of the consent or fewer.
func (r *request) refresh() (grant, *tokenError) {
	client, secret := r.form.Get("client_id"), r.form.Get("client_secret")
	held := r.form.Get("refresh_token")
	*r.attempt = sandbox.SignIn{Scheme: GrantRefreshToken, User: client, Secret: held}
	known := r.server.state.client
	switch {
	case client != known.ID:
		return grant{}, newTokenError("invalid_client", "The OAuth client was not found.")
	case known.Deleted:
		return grant{}, newTokenError("deleted_client", "The OAuth client was deleted.")
	case known.Disabled:
		return grant{}, newTokenError("disabled_client", "The OAuth client was disabled.")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(known.Secret)) != 1:
		return grant{}, newTokenError("invalid_client", "The provided client secret is invalid.")
	}
	approved, ok := r.server.state.tokens.refresh[held]
	if !ok {
		return grant{}, newTokenError("invalid_grant", "Bad Request").because("no such refresh token")
	}
	user := r.server.state.user(approved.userID)
	if user == nil || user.Deleted || user.Suspended || user.Archived {
		return grant{}, newTokenError("invalid_grant", "Token has been expired or revoked.").because("the user is no longer active")
	}
	r.attempt.User = user.Email
	scopes := approved.scopes
	if asked := strings.Fields(r.form.Get("scope")); len(asked) > 0 {
		if scopes = asked; !containsAll(approved.scopes, asked) {
			return grant{}, newTokenError("invalid_scope", "Bad Request")
		}
	}
	return grant{userID: user.ID, client: client, scopes: scopes, refresh: held}, nil
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(one string) bool { return !slices.Contains(all, one) })
}
