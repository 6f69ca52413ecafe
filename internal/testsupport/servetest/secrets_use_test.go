//go:build unix

package servetest_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// useConnections uses passwords in all ways: those that work, are rejected, compared, replaced, repeated by the target system, or
// sent to a proxy that does not answer.
func (s *secrets) useConnections(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	s.add("the first password", s.mail.Service().Password)
	created, err := s.client.CreateConnection(ctx, exchangeAt("Exchange", s.mail))
	must(t, err)
	password := func(name, secret string) map[string]string { return map[string]string{"password": s.add(name, secret)} }
	rejected := exchangeAt("Rejected", s.mail)
	rejected.Credentials = password("a rejected password", "canary-rejected-51bc02")
	if _, err := s.client.CreateConnection(ctx, rejected); !api.IsProblem(err, api.ProblemFault) {
		t.Errorf("a rejected password: %v", err)
	}
	_, err = s.client.Compare(ctx, api.Comparison{
		ConnectionID: created.ID, Credentials: password("a compared password", "canary-compared-e7a940"),
	})
	must(t, err)
	unverified := false
	_, err = s.client.UpdateCredentials(ctx, created.ID, 0, api.UpdateCredentials{
		Credentials: password("an unverified password", "canary-unverified-0c3d18"), Verify: &unverified,
	})
	must(t, err)
	next := password("the next password", "canary-next-9d1f77")
	must(t, s.mail.SetPassword(s.mail.Service().Email, next["password"]))
	_, err = s.client.UpdateCredentials(ctx, created.ID, 0, api.UpdateCredentials{Credentials: next})
	must(t, err)
	keyed, err := s.client.ComparableConnection(ctx, created.ID)
	must(t, err)
	s.addReturned("the comparison key", string(keyed.ComparisonKey))

	notes := sandboxtest.Start(t, hclnotes.Start, hclnotes.Options{})
	must(t, notes.Fail(hclnotes.Echo(), sandbox.UntilCleared))
	_, err = s.client.CreateConnection(ctx, api.CreateConnection{
		Name: "Notes", System: "hcl_notes", Settings: map[string]string{"url": notes.URL(), "username": notes.Service().Name},
		Credentials: password("a password that the target repeats", "canary-echo-4b8f20"),
	})
	if !api.IsProblem(err, api.ProblemFault) {
		t.Errorf("a repeated password: %v", err)
	}
	remote := mailAt("https://mail.example.com/EWS/Exchange.asmx")
	remote.Credentials = password("a password behind the proxy", "canary-remote-81c6aa")
	if _, err := s.client.CreateConnection(ctx, remote); !api.IsProblem(err, api.ProblemFault) {
		t.Errorf("through a proxy that does not answer: %v", err)
	}
	s.add("a password during the crash", "canary-crash-2f94d1")
}

// useCRM uses a private key, a client secret with a refresh token that is replaced, and access tokens.
func (s *secrets) useCRM(t *testing.T) {
	t.Helper()
	must(t, s.crm.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true }))
	app := s.crm.App()
	s.add("the private key", strings.Split(app.PrivateKey, "\n")[1])
	for name, credentials := range map[string]map[string]string{
		"Key": {"private_key": app.PrivateKey},
		"Refresh": {
			"client_secret": s.add("the secret of the app", app.Secret), "refresh_token": s.add("the refresh token", s.crm.RefreshToken()),
		},
	} {
		created, err := s.client.CreateConnection(t.Context(), api.CreateConnection{
			Name: name, System: "salesforce", Credentials: credentials, Settings: s.crmSettings(),
		})
		must(t, err)
		result, err := s.client.RunTest(t.Context(), created.ID, api.RunTest{Test: string(target.General), Force: true})
		if err != nil || !result.Passed {
			t.Errorf("test of %s: %+v, %v", name, result, err)
		}
	}
}

func (s *secrets) crmSettings() map[string]string {
	return map[string]string{
		"login_url": s.crm.LoginURL(), "username": s.crm.Service().Username, "client_id": s.crm.App().ConsumerKey,
	}
}

// useAccess uses secrets, assertions and tokens of clients, valid ones and others.
func (s *secrets) useAccess(t *testing.T) {
	t.Helper()
	rotated, err := s.client.RotateSecret(t.Context(), s.issued.Client.ID, api.RotateSecret{})
	must(t, err)
	s.addReturned("the rotated client secret", string(rotated.Secret))
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	keys, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, Algorithm: "ES256", Use: "sig"}}})
	must(t, err)
	keyed, err := s.client.CreateClient(t.Context(), api.CreateRegisteredClient{
		Name: "keyed", Scopes: []api.Scope{api.ScopeRead}, Secret: new(bool), Keys: keys,
	})
	must(t, err)
	good, late := s.assertion(t, key, keyed.Client.ID, time.Minute), s.assertion(t, key, keyed.Client.ID, -time.Hour)
	s.add("an assertion", good)
	s.add("an expired assertion", late)
	wrong := s.add("a wrong client secret", "rivacs_canaryUvGQ2aXv0bRdPq3LwT9yKeHn5Zc1sJf7o")
	token := s.known["the access token"]
	for i, c := range []struct {
		status int
		form   url.Values
	}{
		{http.StatusOK, assertionForm(keyed.Client.ID, good)},
		{http.StatusUnauthorized, assertionForm(keyed.Client.ID, good)}, // it is accepted once
		{http.StatusUnauthorized, assertionForm(keyed.Client.ID, late)},
		{http.StatusUnauthorized, assertionForm(keyed.Client.ID, token)},
		{http.StatusUnauthorized, url.Values{"client_id": {s.issued.Client.ID}, "client_secret": {wrong}}},
		{http.StatusUnauthorized, url.Values{"client_id": {wrong}}},
		{http.StatusBadRequest, url.Values{"client_id": {keyed.Client.ID, wrong}, "client_secret": {wrong}}},
	} {
		c.form.Set("grant_type", "client_credentials")
		status, body := s.sendForm(t, "/oauth/token?client_secret="+wrong, c.form)
		if status != c.status {
			t.Errorf("request %d for a token: %d %s", i, status, body)
		}
		var got struct {
			AccessToken string `json:"access_token"`
		}
		if json.Unmarshal([]byte(body), &got) == nil && got.AccessToken != "" {
			s.addReturned("another access token", got.AccessToken)
		}
	}
	altered := s.add("an altered access token", token[:len(token)-12]+"canary_aaaaa")
	for _, header := range []string{"Bearer " + altered, "Bearer " + wrong, "Basic " + wrong, wrong} {
		if status, body := s.send(t, http.MethodGet, "/v1/users", "", "Authorization", header); status != http.StatusUnauthorized {
			t.Errorf("%.8s: %d %s", header, status, body)
		}
	}
}

func assertionForm(id, assertion string) url.Values {
	return url.Values{
		"client_id": {id}, "client_assertion": {assertion},
		"client_assertion_type": {"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
	}
}

// sendForm sends a form without a token.
func (s *secrets) sendForm(t *testing.T, path string, form url.Values) (int, string) {
	t.Helper()
	const kind = "application/x-www-form-urlencoded"
	request := sandboxtest.Request(t, http.MethodPost, s.URL+path, form.Encode(), "Content-Type", kind)
	response := sandboxtest.Send(t, &http.Client{Transport: s.recorder}, request)
	return response.Status, response.Body
}

// assertion is one that the client signed with its own key.
func (s *secrets) assertion(t *testing.T, key *ecdsa.PrivateKey, id string, valid time.Duration) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, nil)
	must(t, err)
	assertion, err := jwt.Signed(signer).Claims(jwt.Claims{
		Issuer: id, Subject: id, Audience: jwt.Audience{s.front.URL}, ID: uuid.NewString(),
		IssuedAt: jwt.NewNumericDate(time.Now().Add(min(0, valid))), Expiry: jwt.NewNumericDate(time.Now().Add(valid)),
	}).Serialize()
	must(t, err)
	return assertion
}

// usePerson lets a person sign in, and sends the code of the sign-in a second time.
func (s *secrets) usePerson(t *testing.T) {
	t.Helper()
	must(t, s.crm.UpdateApp(func(a *salesforce.App) {
		a.CallbackURLs, a.SecretForCode, a.SecretForRefresh = append(a.CallbackURLs, s.front.URL+pages.CallbackPath), false, false
	}))
	created, err := s.client.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Person", System: "salesforce", Settings: s.crmSettings(),
	})
	must(t, err)
	s.addReturned("the link", strings.TrimPrefix(string(created.AuthorizationURL), s.front.URL+pages.LinkPath))
	browser := sandboxtest.Browser(t, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.front.Certificate().Raw})))
	page, err := browser.Open(t.Context(), string(created.AuthorizationURL))
	must(t, err)
	page, err = page.Press(t.Context(), page.Buttons[0].Label)
	must(t, err)
	callback, err := page.SignIn(t.Context(), s.crm.Service().Username, s.crm.Service().Password, person.Choices{})
	must(t, err)
	s.add("the password of the person", s.crm.Service().Password)
	query, err := url.Parse(callback)
	must(t, err)
	s.add("the code", query.Query().Get("code"))
	s.add("the state", query.Query().Get("state"))
	wrong := s.front.URL + pages.LinkPath + s.add("a wrong link", "canary-link-77aa01")
	for _, address := range []string{callback + "&state=twice", callback, callback, wrong} {
		page, err := browser.Open(t.Context(), address)
		must(t, err)
		_, _ = s.recorder.failed.WriteString(page.Text) // no page has a secret, whatever its status
	}
	for i, token := range s.crm.Issued() {
		s.add(fmt.Sprintf("issued token %d", i), token)
	}
}

// useMistakes sends secrets where they do not belong.
func (s *secrets) useMistakes(t *testing.T) {
	t.Helper()
	secret := s.add("a misplaced password", "canary-misplaced-c05e3b")
	for _, body := range []string{
		`{"name":"x","system":"exchange","credentials":{"password":"` + secret,
		`{"name":"x","system":"exchange","credentials":{"password":["` + secret + `"]}}`,
		`{"name":"x","system":"exchange","credentials":"` + secret + `"}`,
		`{"name":"x","system":"exchange","password":"` + secret + `"}`,
		`{"name":"x","system":"exchange","credentials":{"passwrd":"` + secret + `"}}`,
		`{"name":"x","system":"exchange","credentials":{"password":"` + secret + `\u0000"}}`,
		`{"name":"x","system":"exchange","verify":"` + secret + `"}`,
		`"` + secret + `"`,
	} {
		if status, answer := s.send(t, http.MethodPost, "/v1/connections", body); status < 400 || status >= 500 {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	for _, path := range []string{
		"/v1/connections?password=" + secret, "/v1/connections?cursor=" + secret, "/v1/users?access_token=" + secret,
		"/oauth/callback?code=" + secret + "&state=" + secret, "/oauth/callback?error=" + secret + "&error_description=" + secret,
	} {
		s.send(t, http.MethodGet, path, "")
	}
	s.send(t, http.MethodGet, "/v1/users", "", "Cookie", "session="+secret, "X-Api-Key", secret)
}

// useSlowDatabase lets a request wait for a lock of the database until its time is up.
func (s *secrets) useSlowDatabase(t *testing.T, d storetest.Database) {
	t.Helper()
	locked, err := openDatabase(t, d).BeginTx(t.Context(), nil)
	must(t, err)
	_, err = locked.ExecContext(t.Context(), `LOCK TABLE connections IN ACCESS EXCLUSIVE MODE`)
	must(t, err)
	connection := exchangeAt("Slow", s.mail)
	connection.Credentials = map[string]string{"password": s.add("a password of a slow request", "canary-slow-d80a66")}
	body, err := json.Marshal(connection)
	must(t, err)
	if status, answer := s.send(t, http.MethodPost, "/v1/connections", string(body)); status != http.StatusServiceUnavailable {
		t.Errorf("a request that waits for the database: %d %s", status, answer)
	}
	must(t, locked.Rollback())
}
