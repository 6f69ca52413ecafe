package entra

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// tokenResponse returns the response with an access token.
func (d *Directory) tokenResponse(r *request, g *grantResult) sandbox.Response {
	now := d.now()
	seconds := int(d.tokenLength/time.Second) - 1
	access, err := sign(d.claims(r, g, now))
	if err != nil {
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	body := map[string]any{
		"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds, "access_token": access,
	}
	if g.user == nil {
		return jsonResponse(http.StatusOK, body)
	}
	scopes := make([]string, len(g.scopes))
	for i, scope := range g.scopes {
		scopes[i] = g.name + "/" + scope
	}
	body["scope"] = strings.Join(scopes, " ")
	if slices.Contains(g.approval.scopes, "offline_access") {
		body["refresh_token"] = d.state.addRefreshToken(*g.approval)
	}
	if g.openID {
		if body["id_token"], err = sign(d.idClaims(r, g, now)); err != nil {
			return sandbox.Response{Status: http.StatusInternalServerError}
		}
	}
	if r.form.Has("client_info") {
		info, err := json.Marshal(map[string]string{"uid": g.user.ID, "utid": r.tenant.ID})
		if err != nil {
			return sandbox.Response{Status: http.StatusInternalServerError}
		}
		body["client_info"] = base64.RawURLEncoding.EncodeToString(info)
	}
	return jsonResponse(http.StatusOK, body)
}

// claims returns the claims of an access token (access-token-claims-reference), in the version of the API.
func (d *Directory) claims(r *request, g *grantResult, now time.Time) jwt.MapClaims {
	acr := "1" // signed in with a secret
	if r.byCertificate {
		acr = "2"
	}
	id := rand.Text()[:22]
	d.state.validTokens[id] = true
	c := jwt.MapClaims{
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(d.tokenLength).Unix(), "tid": r.tenant.ID,
		"uti": id, "rh": "1.A", "aio": "k2Rg",
	}
	if g.resource.V2 {
		maps.Copy(c, jwt.MapClaims{
			"aud": g.resource.AppID, "iss": "https://login.microsoftonline.com/" + r.tenant.ID + "/v2.0", "ver": "2.0",
			"azp": r.app.ClientID, "azpacr": acr,
		})
	} else {
		maps.Copy(c, jwt.MapClaims{
			"aud": g.name, "iss": "https://sts.windows.net/" + r.tenant.ID + "/", "ver": "1.0", "appid": r.app.ClientID,
			"appidacr": acr, "app_displayname": r.app.Name, "idp": "https://sts.windows.net/" + r.tenant.ID + "/",
		})
	}
	if g.user == nil {
		maps.Copy(c, jwt.MapClaims{"idtyp": "app", "oid": r.app.ObjectID, "sub": r.app.ObjectID})
		if roles := r.app.Consents[g.resource.AppID].Roles; len(roles) > 0 {
			c["roles"] = roles
		}
		return c
	}
	maps.Copy(c, jwt.MapClaims{
		"idtyp": "user", "oid": g.user.ID, "sub": "s" + g.user.ID, "name": g.user.Name, "scp": strings.Join(g.scopes, " "),
	})
	if g.resource.V2 {
		c["preferred_username"] = g.user.UPN
	} else {
		c["upn"], c["unique_name"] = g.user.UPN, g.user.UPN
	}
	return c
}

// idClaims returns the claims of an id token.
func (d *Directory) idClaims(r *request, g *grantResult, now time.Time) jwt.MapClaims {
	c := jwt.MapClaims{
		"ver": "2.0", "iss": d.url() + "/" + r.tenant.ID + "/v2.0", "aud": r.app.ClientID, "sub": "s" + g.user.ID,
		"tid": r.tenant.ID, "oid": g.user.ID, "preferred_username": g.user.UPN, "name": g.user.Name, "email": g.user.UPN,
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(d.tokenLength).Unix(),
	}
	if g.nonce != "" {
		c["nonce"] = g.nonce
	}
	return c
}

// The errors of Verify.
var (
	ErrNotAToken = errors.New("not a token of this directory")
	ErrExpired   = errors.New("the token is expired")
	ErrAudience  = errors.New("the token is for another API")
)

// Token is a verified access token.
type Token struct {
	TenantID, ClientID, ObjectID, UPN string
	// App is set for an application's own token, not for a user's.
	App           bool
	Roles, Scopes []string
	Audience      string
}

// Verify verifies an access token: its signature, its lifetime, and that it is for one of the audiences. Its errors are
// ErrNotAToken, ErrExpired and ErrAudience. It does not check that the app and the user still exist: see
// [Directory.User] and [Directory.App].
func (d *Directory) Verify(token string, audiences ...string) (Token, error) {
	d.Lock()
	defer d.Unlock()
	var c struct {
		jwt.RegisteredClaims

		UTI      string   `json:"uti"`
		TenantID string   `json:"tid"`
		AppID    string   `json:"appid"`
		AZP      string   `json:"azp"`
		OID      string   `json:"oid"`
		UPN      string   `json:"upn"`
		Name     string   `json:"preferred_username"`
		Type     string   `json:"idtyp"`
		Roles    []string `json:"roles"`
		Scopes   string   `json:"scp"`
	}
	if err := sandbox.VerifyToken(token, &c, sandbox.OwnKey); err != nil {
		return Token{}, fmt.Errorf("%w: %w", ErrNotAToken, err)
	}
	accepted := func(name string) bool {
		return slices.ContainsFunc(audiences, func(a string) bool { return sameURI(a, name) })
	}
	switch {
	case c.ExpiresAt == nil:
		return Token{}, ErrNotAToken
	case !d.now().Before(c.ExpiresAt.Time), !d.state.validTokens[c.UTI]:
		return Token{}, ErrExpired
	case !slices.ContainsFunc(c.Audience, accepted):
		return Token{}, fmt.Errorf("%w: %s", ErrAudience, strings.Join(c.Audience, ", "))
	}
	return Token{
		TenantID: c.TenantID, ClientID: c.AppID + c.AZP, ObjectID: c.OID, UPN: c.UPN + c.Name, App: c.Type == "app",
		Roles: c.Roles, Scopes: strings.Fields(c.Scopes), Audience: strings.Join(c.Audience, ", "),
	}, nil
}

// sameURI reports whether two names of an API are equal. Letter case and a trailing slash are ignored.
func sameURI(a, b string) bool {
	return strings.EqualFold(strings.TrimRight(a, "/"), strings.TrimRight(b, "/"))
}
