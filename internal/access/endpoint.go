package access

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
)

// maxForm is the size of the largest request for a token, in bytes: an assertion has a few thousand.
const maxForm = 64 << 10

// The codes of errors (RFC 6749, section 5.2).
const (
	invalidRequest       = "invalid_request"
	invalidClient        = "invalid_client"
	invalidScope         = "invalid_scope"
	unsupportedGrantType = "unsupported_grant_type"
	// temporarilyUnavailable is from section 4.1.2.1: a request for a token can fail for the same reason.
	temporarilyUnavailable = "temporarily_unavailable"
)

// tokenError is an error of the token endpoint.
type tokenError struct {
	code string
	// description is one line without secrets.
	description string
	status      int
	// retryAfter is in seconds, 0 without it.
	retryAfter int
}

func (e *tokenError) Error() string { return e.code + ": " + e.description }

func refused(code, description string) *tokenError {
	status := http.StatusBadRequest
	if code == invalidClient {
		status = http.StatusUnauthorized
	}
	return &tokenError{code: code, description: description, status: status}
}

// tokenRequest is a request for a token.
type tokenRequest struct {
	clientID, secret, assertion string
	scope                       string
	// basic is true if the client authenticated in the header.
	basic bool
}

// method is how the client proves who it is, for metrics.
func (t *tokenRequest) method() string {
	if t.assertion != "" {
		return "assertion"
	}
	return "secret"
}

// serveToken handles the token endpoint.
func (s *Service) serveToken(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		writeTokenError(w, false, &tokenError{
			code: invalidRequest, description: "the token endpoint supports POST only", status: http.StatusMethodNotAllowed,
		})
		return
	}
	if wait, ok := s.tokensOfAddress.take(networkOf(r), s.now()); !ok {
		writeTokenError(w, false, tooManyTokens(retryAfter(wait)))
		return
	}
	request, err := readTokenRequest(w, r)
	if err != nil {
		writeTokenError(w, request.basic, err)
		return
	}
	granted, failure := s.grantToken(r.Context(), request)
	if failure != nil {
		var refusal *tokenError
		if !errors.As(failure, &refusal) {
			s.log.LogAttrs(r.Context(), slog.LevelError, "request for a token failed", slog.String("error", failure.Error()))
			refusal = &tokenError{
				code: temporarilyUnavailable, description: "the control plane cannot issue tokens now",
				status: http.StatusServiceUnavailable, retryAfter: 2,
			}
		}
		s.observe(request.method(), refusal.code)
		writeTokenError(w, request.basic, refusal)
		return
	}
	s.observe(request.method(), "issued")
	writeJSON(w, http.StatusOK, granted)
}

// tokenResponse is the response with a token (RFC 6749, section 5.1).
type tokenResponse struct {
	AccessToken string `json:"access_token"`
	TokenType   string `json:"token_type"`
	ExpiresIn   int    `json:"expires_in"`
	Scope       string `json:"scope"`
}

// grantToken authenticates the client of a request, and issues a token. A client that does not exist gets the answers of one
// without a secret, a key and a rule, and one that is disabled proves itself first: others learn nothing about clients.
func (s *Service) grantToken(ctx context.Context, request tokenRequest) (*tokenResponse, error) {
	c, err := s.client(ctx, request.clientID)
	known := &c
	switch {
	case errors.Is(err, model.ErrNotFound):
		known, c = nil, model.Client{ID: request.clientID}
	case err != nil:
		return nil, err
	}
	var proven identity
	if request.assertion != "" {
		proven, err = s.checkAssertion(ctx, c, request.assertion)
	} else {
		proven, err = s.checkSecret(ctx, c, request.secret)
	}
	if err == nil && c.DisabledAt != nil {
		err = refused(invalidClient, "the client is disabled")
	}
	if err != nil {
		return nil, s.refuse(ctx, known, proven.origin, err)
	}
	// Only the client itself takes from its bucket: others know its id.
	if wait, ok := s.tokensOfClient.take(c.ID, s.now()); !ok {
		return nil, tooManyTokens(retryAfter(wait))
	}
	scopes := proven.scopes
	if wanted := strings.Fields(request.scope); len(wanted) > 0 {
		isMissing := func(scope string) bool { return !slices.Contains(allScopes, scope) || !grants(scopes, scope) }
		if missing := slices.IndexFunc(wanted, isMissing); missing >= 0 {
			return nil, s.refuse(ctx, &c, proven.origin, refused(invalidScope,
				"the client does not have the scope "+printable(wanted[missing])))
		}
		scopes = within(wanted, scopes)
	}
	token, err := s.issue(ctx, c, scopes, proven.origin)
	if err != nil {
		return nil, err
	}
	s.used.mark(ctx, s, c.ID)
	return &tokenResponse{
		AccessToken: token, TokenType: "Bearer", ExpiresIn: int(TokenPeriod.Seconds()), Scope: strings.Join(scopes, " "),
	}, nil
}

// identity is what a client has proved.
type identity struct {
	// scopes are those that the client can request.
	scopes []string
	// origin is the subject of the token of an outside issuer, also of a refused one; empty for a secret or an own key.
	origin string
}

func tooManyTokens(seconds int) *tokenError {
	return &tokenError{
		code: temporarilyUnavailable, description: "too many requests for tokens: try again later",
		status: http.StatusTooManyRequests, retryAfter: seconds,
	}
}

// assertionType is the value of client_assertion_type (RFC 7523, section 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// readTokenRequest reads the form and the header. The client must authenticate in one way.
func readTokenRequest(w http.ResponseWriter, r *http.Request) (request tokenRequest, refusal *tokenError) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		return request, refused(invalidRequest, "the body must be a form: application/x-www-form-urlencoded")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return request, refused(invalidRequest, "the form cannot be read")
	}
	form := r.PostForm
	for _, values := range form {
		if len(values) > 1 {
			return request, refused(invalidRequest, "a parameter is repeated")
		}
	}
	request = tokenRequest{
		clientID: form.Get("client_id"), secret: form.Get("client_secret"), assertion: form.Get("client_assertion"),
		scope: form.Get("scope"),
	}
	refusal = request.check(r)
	return request, refusal
}

// check returns what is wrong with a request. It reads the header.
func (t *tokenRequest) check(r *http.Request) *tokenError {
	ways := 0
	for _, way := range []string{t.secret, t.assertion, r.Header.Get("Authorization")} {
		if way != "" {
			ways++
		}
	}
	grant := r.PostForm.Get("grant_type")
	switch {
	case r.Header.Get("Authorization") != "" && !t.readBasic(r):
		return refused(invalidClient, "the Authorization header must have the id and the secret of the client")
	case grant == "":
		return refused(invalidRequest, "grant_type is required")
	case grant != "client_credentials":
		return refused(unsupportedGrantType, "grant_type must be client_credentials")
	case ways > 1:
		return refused(invalidRequest, "the client must authenticate in one way only")
	case t.clientID == "" || !isStorable(t.clientID):
		return refused(invalidRequest, "client_id is required")
	case ways == 0:
		return refused(invalidClient, "the client must authenticate, with client_secret or with client_assertion")
	case t.assertion != "" && r.PostForm.Get("client_assertion_type") != assertionType:
		return refused(invalidRequest, "client_assertion_type must be "+assertionType)
	}
	return nil
}

// readBasic reads the id and the secret from the header, in which both are encoded as in a form (RFC 6749, section 2.3.1).
func (t *tokenRequest) readBasic(r *http.Request) bool {
	t.basic = true
	user, password, ok := r.BasicAuth()
	if !ok || len(r.Header.Values("Authorization")) != 1 {
		return false
	}
	id, idErr := url.QueryUnescape(user)
	secret, secretErr := url.QueryUnescape(password)
	if idErr != nil || secretErr != nil || secret == "" || t.clientID != "" && t.clientID != id {
		return false
	}
	t.clientID, t.secret = id, secret
	return true
}

func writeTokenError(w http.ResponseWriter, basic bool, e *tokenError) {
	if e.code == invalidClient && basic {
		w.Header().Set("WWW-Authenticate", `Basic realm="riva"`)
	}
	if e.retryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(e.retryAfter))
	}
	writeJSON(w, e.status, map[string]string{"error": e.code, "error_description": e.description})
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // the client may have disconnected
}

// networkBits is the length of the prefix of an IPv6 network (RFC 4291, section 2.5.4): who has one address of it has them all.
const networkBits = 64

// networkOf is the address of the client, or the network of one with IPv6.
func networkOf(r *http.Request) string {
	text := server.ClientAddress(r)
	address, err := netip.ParseAddr(text)
	if address = address.Unmap(); err != nil || address.Is4() {
		return text
	}
	return netip.PrefixFrom(address.WithZone(""), networkBits).Masked().String()
}

// serveKeys serves the public keys of access tokens.
func (s *Service) serveKeys(w http.ResponseWriter, r *http.Request) {
	set, err := s.keys.set(r.Context())
	if err != nil {
		s.log.LogAttrs(r.Context(), slog.LevelError, "token keys", slog.String("error", err.Error()))
		writeTokenError(w, false, &tokenError{
			code: temporarilyUnavailable, description: "the keys cannot be read now", status: http.StatusServiceUnavailable,
			retryAfter: 2,
		})
		return
	}
	w.Header().Set("Cache-Control", "max-age=60")
	writeJSON(w, http.StatusOK, set)
}

// serveMetadata serves the metadata of the authorization server (RFC 8414, section 2).
func (s *Service) serveMetadata(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{
		"issuer": s.issuer, "token_endpoint": s.issuer + TokenPath, "jwks_uri": s.issuer + KeysPath,
		"grant_types_supported": []string{"client_credentials"}, "response_types_supported": []string{},
		"scopes_supported":                                 allScopes,
		"token_endpoint_auth_methods_supported":            []string{"client_secret_basic", "client_secret_post", "private_key_jwt"},
		"token_endpoint_auth_signing_alg_values_supported": assertionAlgorithms,
	})
}
