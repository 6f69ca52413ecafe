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

// The grants of the token endpoint, as they appear in the record.
const (
	GrantJWTBearer         = "jwt_bearer"
	GrantClientCredentials = "client_credentials"
	GrantRefreshToken      = "refresh_token"
	GrantCode              = "authorization_code"
)

// jwtBearer is the name of the grant in RFC 7523.
const jwtBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"

// request is a request for a token.
type request struct {
	server *Server
	site   string
	form   url.Values
	// client is the consumer key, secret the consumer secret, from the form or the Authorization header.
	client, secret string
	attempt        *sandbox.SignIn
}

// tokenError is an error of the token endpoint.
type tokenError struct {
	code, description string
	reason            string // for the record only; empty means the description
	status            int    // 0 means 400
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
	return jsonResponse(cmp.Or(r.status, http.StatusBadRequest), struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}{r.code, r.description})
}

// grantResult is the result of a grant.
type grantResult struct {
	session *session
	user    User
	// refreshToken is returned with the access token; empty means none.
	refreshToken string
	// idToken is returned with the access token; empty means none.
	idToken string
	// withoutSignature leaves out the signature and the time of issue, as in responses to assertions.
	withoutSignature bool
}

// grants are the supported grants, by grant type. secretField is the form field with the secret for the record; empty
// means the consumer secret.
var grants = map[string]struct {
	scheme, secretField string
	serve               func(*request) (*grantResult, *tokenError)
}{
	jwtBearer:            {GrantJWTBearer, "assertion", jwtBearerGrant},
	"client_credentials": {GrantClientCredentials, "", clientCredentialsGrant},
	"refresh_token":      {GrantRefreshToken, "refresh_token", refreshTokenGrant},
	"authorization_code": {GrantCode, "code", codeGrant},
}

// token serves the token endpoint. It ignores unknown fields and the query: secrets must not be in a URL.
func (s *Server) token(call *sandbox.Call) sandbox.Response {
	if call.Request.Method != http.MethodPost {
		return newTokenError("invalid_request", "must use HTTP POST").response()
	}
	form, err := call.Form()
	if err != nil {
		return newTokenError("invalid_request", "the form cannot be read").response()
	}
	if response, ok := echo(call, form); ok {
		return response
	}
	grant, ok := grants[form.Get("grant_type")]
	if !ok {
		return newTokenError("unsupported_grant_type", "grant type not supported").response()
	}
	r := &request{server: s, site: call.Site, form: form, attempt: &sandbox.SignIn{Scheme: grant.scheme}}
	r.client, r.secret = call.Client(form)
	r.attempt.User, r.attempt.Secret = r.client, cmp.Or(form.Get(grant.secretField), r.secret)
	var result *grantResult
	var tokenErr *tokenError
	if f, ok := call.Fault(KindTokenError); ok {
		tokenErr = newTokenError(f.Code, cmp.Or(f.Message, tokenErrors[f.Code])).withReason("scripted")
		tokenErr.status = f.Status
	} else {
		result, tokenErr = grant.serve(r)
	}
	if tokenErr != nil {
		r.attempt.Reason = cmp.Or(tokenErr.reason, tokenErr.description)
		call.RecordSignIn(*r.attempt)
		return tokenErr.response()
	}
	r.attempt.Accepted = true
	call.RecordSignIn(*r.attempt)
	call.SetUser(result.user.Username, result.user.Username)
	return call.Deepen(s.tokenResponse(result))
}

// tokenResponse returns the response with a token. It has no expires_in: the API returns 401 when the session has
// ended.
func (s *Server) tokenResponse(g *grantResult) sandbox.Response {
	body := struct {
		AccessToken  string `json:"access_token"`
		RefreshToken string `json:"refresh_token,omitempty"`
		Signature    string `json:"signature,omitempty"`
		Scope        string `json:"scope"`
		IDToken      string `json:"id_token,omitempty"`
		InstanceURL  string `json:"instance_url"`
		ID           string `json:"id"`
		TokenType    string `json:"token_type"`
		IssuedAt     string `json:"issued_at,omitempty"`
	}{
		AccessToken: g.session.token, RefreshToken: g.refreshToken, Scope: strings.Join(g.session.scopes, " "), IDToken: g.idToken,
		InstanceURL: s.instance(), ID: s.identityURL(g.user), TokenType: "Bearer",
	}
	if !g.withoutSignature {
		body.IssuedAt = strconv.FormatInt(s.Now().UnixMilli(), 10)
		mac := hmac.New(sha256.New, []byte(s.state.app.Secret))
		mac.Write([]byte(body.ID + body.IssuedAt))
		body.Signature = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return jsonResponse(http.StatusOK, body)
}

// checkApp checks the consumer key and, if it is required or present, the secret.
func (r *request) checkApp(secretRequired bool) *tokenError {
	app := r.server.state.app
	switch {
	case r.client != app.ConsumerKey:
		return newTokenError("invalid_client_id", "client identifier invalid")
	case !app.Installed:
		return newTokenError("app_not_found", tokenErrors["app_not_found"])
	case (secretRequired || r.secret != "") && subtle.ConstantTimeCompare([]byte(r.secret), []byte(app.Secret)) != 1:
		return newTokenError("invalid_client", "invalid client credentials").withReason("wrong consumer secret")
	}
	return nil
}

// checkUser checks whether the user may sign in through the app.
func (r *request) checkUser(user User) *tokenError {
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

// startSession starts a session with the app's scopes, or with those of an approval.
func (r *request) startSession(user User, from *approval) *grantResult {
	r.attempt.User = user.Username
	tokens := &r.server.state.tokens
	scopes := slices.Clone(r.server.state.app.Scopes)
	if from != nil {
		scopes = slices.Clone(from.scopes)
	} else {
		scopes = slices.DeleteFunc(scopes, isRefreshScope)
	}
	return &grantResult{session: tokens.newSession(user, scopes, from, r.server.Now()), user: user}
}

// isRefreshScope reports whether a scope requests a refresh token. It has two names.
func isRefreshScope(scope string) bool { return scope == "refresh_token" || scope == "offline_access" }
