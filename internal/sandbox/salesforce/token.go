package salesforce

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The grants of the token endpoint, as they are recorded.
const (
	GrantJWTBearer         = "jwt_bearer"
	GrantClientCredentials = "client_credentials"
	GrantRefreshToken      = "refresh_token"
	GrantCode              = "authorization_code"
)

// jwtBearer is what RFC 7523 calls the grant.
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// request is one request for a token.
type request struct {
	server *Server
	site   string
	form   url.Values
	// client is the consumer key, secret the consumer secret, from the form or the Authorization header.
	client, secret string
	attempt        *sandbox.SignIn
}

// tokenError is why a token is not given.
type tokenError struct {
	code, description string
	reason            string // for the record only; empty: the description
	status            int    // 0: 400
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
	return jsonResponse(cmp.Or(r.status, http.StatusBadRequest), struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{r.code, r.description})
}

// granted is what a grant comes to.
type granted struct {
	session *session
	user    User
	// refreshToken is given with the answer; empty: none.
	refreshToken string
	// unsigned answers have no signature and no time of issue: those to assertions.
	unsigned bool
}

// grants are what the token endpoint knows, by their name on the wire. The proof is the field with what is presented;
// empty where that is the consumer secret.
var grants = map[string]struct {
	scheme, proof string
	serve         func(*request) (*granted, *tokenError)
}{
	jwtBearer:            {GrantJWTBearer, "assertion", jwtBearerGrant},
	"client_credentials": {GrantClientCredentials, "", clientCredentialsGrant},
	"refresh_token":      {GrantRefreshToken, "refresh_token", refreshTokenGrant},
	"authorization_code": {GrantCode, "code", codeGrant},
}

// token serves the token endpoint. Fields it does not know are ignored, and so is the query: secrets have no place there.
func (s *Server) token(call *sandbox.Call) sandbox.Response {
	if call.Request.Method != http.MethodPost {
		return newTokenError("invalid_request", "must use HTTP POST").answer()
	}
	form, err := url.ParseQuery(string(call.Body))
	if err != nil {
		return newTokenError("invalid_request", "the form cannot be read").answer()
	}
	if answer, ok := echo(call, form); ok {
		return answer
	}
	grant, ok := grants[form.Get("grant_type")]
	if !ok {
		return newTokenError("unsupported_grant_type", "grant type not supported").answer()
	}
	r := &request{
		server: s, site: call.Site, form: form, client: form.Get("client_id"), secret: form.Get("client_secret"),
		attempt: &sandbox.SignIn{Scheme: grant.scheme},
	}
	if user, password, ok := call.Request.BasicAuth(); ok { // RFC 6749, 2.3.1: both are form-encoded inside
		r.client, r.secret = unescape(user), unescape(password)
	}
	r.attempt.User, r.attempt.Secret = r.client, cmp.Or(form.Get(grant.proof), r.secret)
	var result *granted
	var refused *tokenError
	if f, ok := call.Fault(KindTokenError); ok {
		refused = newTokenError(f.Code, cmp.Or(f.Message, tokenErrors[f.Code])).because("scripted")
		refused.status = f.Status
	} else {
		result, refused = grant.serve(r)
	}
	if refused != nil {
		r.attempt.Reason = cmp.Or(refused.reason, refused.description)
		call.RecordSignIn(*r.attempt)
		return refused.answer()
	}
	r.attempt.Accepted = true
	call.RecordSignIn(*r.attempt)
	call.SetUser(result.user.Username, result.user.Username)
	if _, ok := call.Fault(KindDeep); ok {
		return deep()
	}
	return s.grantAnswer(result)
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// grantAnswer is the answer with a token. It has no expires_in: that a session has ended is told by the API's 401.
func (s *Server) grantAnswer(g *granted) sandbox.Response {
	answer := struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token,omitempty"`
		Signature    string `json:"signature,omitempty"`
		Scope        string `json:"scope"`
		InstanceURL  string `json:"instance_url"`
		ID           string `json:"id"`
		TokenType    string `json:"token_type"`
		IssuedAt     string `json:"issued_at,omitempty"`
	}{
		AccessToken: g.session.token, RefreshToken: g.refreshToken, Scope: strings.Join(g.session.scopes, " "),
		InstanceURL: s.instance(), ID: s.identityURL(g.user), TokenType: "Bearer",
	}
	if !g.unsigned {
		answer.IssuedAt = strconv.FormatInt(s.now().UnixMilli(), 10)
		mac := hmac.New(sha256.New, []byte(s.state.app.Secret))
		mac.Write([]byte(answer.ID + answer.IssuedAt))
		answer.Signature = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return jsonResponse(http.StatusOK, answer)
}

// app checks the consumer key and, if it is needed or given, the secret.
func (r *request) app(secretNeeded bool) *tokenError {
	app := r.server.state.app
	switch {
	case r.client != app.ConsumerKey:
		return newTokenError("invalid_client_id", "client identifier invalid")
	case !app.Installed:
		return newTokenError("app_not_found", tokenErrors["app_not_found"])
	case (secretNeeded || r.secret != "") && subtle.ConstantTimeCompare([]byte(r.secret), []byte(app.Secret)) != 1:
		return newTokenError("invalid_client", "invalid client credentials").because("wrong consumer secret")
	}
	return nil
}

// admit checks whether the user may sign in through the app at all.
func (r *request) admit(user User) *tokenError {
	switch {
	case !r.server.organizationOf(user).Active:
		return newTokenError("inactive_org", tokenErrors["inactive_org"])
	case !user.Active:
		return newTokenError("inactive_user", tokenErrors["inactive_user"])
	case user.IPRestricted:
		return newTokenError("invalid_grant", "ip restricted or invalid login hours")
	case r.server.state.app.AdminApproved && !user.Approved:
		return newTokenError("invalid_app_access", tokenErrors["invalid_app_access"])
	}
	return nil
}

// begin starts a session with the app's scopes, or with those of the approval it comes from.
func (r *request) begin(user User, from *approval) *granted {
	r.attempt.User = user.Username
	tokens := &r.server.state.tokens
	scopes := slices.Clone(r.server.state.app.Scopes)
	if from != nil {
		scopes = slices.Clone(from.scopes)
	} else {
		scopes = slices.DeleteFunc(scopes, isRefresh)
	}
	return &granted{session: tokens.open(user, scopes, from, r.server.now()), user: user}
}

// isRefresh tells the scope that brings refresh tokens, which has two names.
func isRefresh(scope string) bool { return scope == "refresh_token" || scope == "offline_access" }
