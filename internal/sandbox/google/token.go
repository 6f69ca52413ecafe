package google

import (
	"cmp"
	"fmt"
	"net/http"
	"net/mail"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The grants of the token endpoint, as they appear in the record.
const (
	GrantJWTBearer    = "jwt_bearer"
	GrantRefreshToken = "refresh_token"
	GrantCode         = "authorization_code"
)

// jwtBearer is the name of the grant in RFC 7523.
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// tokenError is an error of the token endpoint.
type tokenError struct {
	code, description string
	reason            string // for the record only; empty means the description
}

func newTokenError(code, description string) *tokenError {
	return &tokenError{code: code, description: description}
}

// withReason sets a reason for the record, with more detail than the client gets.
func (r *tokenError) withReason(reason string) *tokenError {
	r.reason = reason
	return r
}

func (r *tokenError) response() sandbox.Response {
	return jsonResponse(cmp.Or(tokenStatus[r.code], http.StatusBadRequest), struct {
		Error       string `json:"error"`
		Description string `json:"error_description,omitempty"`
	}{r.code, r.description})
}

// request is a request for a token.
type request struct {
	server  *Server
	form    url.Values
	attempt *sandbox.SignIn
	// refreshToken is the new refresh token of a code; empty means none.
	refreshToken string
}

// token serves the token endpoint. It ignores unknown fields and the query: secrets must not be in a URL.
func (s *Server) token(call *sandbox.Call) sandbox.Response {
	form, err := call.Form()
	if call.Request.Method != http.MethodPost || err != nil {
		return newTokenError("invalid_request", "Invalid request: a form is expected").response()
	}
	if response, ok := echo(call, form); ok {
		return response
	}
	r := &request{server: s, form: form, attempt: new(sandbox.SignIn)}
	var granted grant
	var tokenErr *tokenError
	serve := r.unsupportedGrant
	switch form.Get("grant_type") {
	case jwtBearer:
		serve = r.assertionGrant
	case "refresh_token":
		serve = r.refreshGrant
	case GrantCode:
		serve = r.codeGrant
	}
	granted, tokenErr = serve()
	if f, ok := call.Fault(KindTokenError); ok {
		tokenErr = newTokenError(f.Code, cmp.Or(f.Message, tokenErrors[f.Code])).withReason("scripted")
	}
	if tokenErr != nil {
		r.attempt.Reason = cmp.Or(tokenErr.reason, tokenErr.description)
		call.RecordSignIn(*r.attempt)
		return tokenErr.response()
	}
	r.attempt.Accepted = true
	call.RecordSignIn(*r.attempt)
	holder := s.userOf(granted)
	call.SetUser(holder.Email, holder.Email)
	granted.expires = s.Now().Add(accessTokenLifetime)
	body := map[string]any{
		"access_token": s.state.tokens.issue(granted), "expires_in": int(accessTokenLifetime.Seconds()) - 1, "token_type": "Bearer",
	}
	if granted.client == s.state.client.ID {
		body["scope"] = strings.Join(granted.scopes, " ")
		if err := r.addUserTokens(body, *holder, granted); err != nil {
			return newTokenError("internal_failure", err.Error()).response()
		}
	}
	return call.Deepen(jsonResponse(http.StatusOK, body))
}

// addUserTokens adds the tokens that only the OAuth client of a user gets.
func (r *request) addUserTokens(body map[string]any, user User, granted grant) error {
	if r.refreshToken != "" {
		body["refresh_token"] = r.refreshToken
	}
	if !slices.Contains(granted.scopes, scopeOpenID) {
		return nil
	}
	accessToken, _ := body["access_token"].(string)
	token, err := r.server.idToken(user, granted, accessToken)
	body["id_token"] = token
	return err
}

func (r *request) unsupportedGrant() (grant, *tokenError) {
	return grant{}, newTokenError("unsupported_grant_type", "Invalid grant_type: "+r.form.Get("grant_type"))
}

// assertionGrant returns a token of the service account for the user of the assertion.
func (r *request) assertionGrant() (grant, *tokenError) {
	token := r.form.Get("assertion")
	*r.attempt = sandbox.SignIn{Scheme: GrantJWTBearer, Secret: token}
	var a assertion
	if err := sandbox.ReadToken(token, &a); err != nil {
		return grant{}, newTokenError("invalid_grant", "Invalid JWT Signature.").withReason(err.Error())
	}
	s, account := r.server, r.server.state.serviceAccount
	r.attempt.User = cmp.Or(a.user(), a.Issuer)
	if tokenErr := a.verify(token, account, []string{Audience, s.TokenURL()}, s.Now()); tokenErr != nil {
		return grant{}, tokenErr
	}
	granted := grant{client: account.ClientID, scopes: strings.Fields(a.Scope)}
	if len(granted.scopes) == 0 || !containsAll(knownScopes(), granted.scopes) {
		return grant{}, newTokenError("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
	}
	if a.user() == "" || a.user() == account.Email { // without delegation
		return granted, nil
	}
	user, tokenErr := r.delegatedUser(a.user(), granted.scopes)
	if tokenErr != nil {
		return grant{}, tokenErr
	}
	granted.userID = user.ID
	return granted, nil
}

// delegatedUser returns the user that the service account may act as. A suspended user is allowed: only the APIs check
// for it.
func (r *request) delegatedUser(address string, scopes []string) (*User, *tokenError) {
	if parsed, err := mail.ParseAddress(address); err != nil || parsed.Address != address {
		return nil, newTokenError("invalid_grant", "Not a valid email.")
	}
	state := &r.server.state
	user := r.server.Find(address)
	switch {
	case user == nil:
		return nil, newTokenError("invalid_grant", "Invalid email or User ID")
	case user.Deleted:
		return nil, newTokenError("invalid_grant", "The account has been deleted")
	case user.CustomerID != r.server.All()[0].CustomerID:
		return nil, newTokenError("unauthorized_client", notDelegated).withReason("another customer's user")
	case !containsAll(state.serviceAccount.Delegated, scopes):
		return nil, newTokenError("unauthorized_client", notDelegated).
			withReason(fmt.Sprintf("%s is not delegated", strings.Join(scopes, " ")))
	}
	return user, nil
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(element string) bool { return !slices.Contains(all, element) })
}
