package access_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// Names of claims are case-sensitive (RFC 7519, section 4), and an issuer may let its users choose further claims: those with
// another letter case stand for nothing, wherever they are. Numbers count with all their digits.
func TestClaimsAreComparedExactly(t *testing.T) {
	t.Parallel()
	f, o := open(t, storetest.SQLite(t)), newOutsider(t)
	c := f.trusting(t, model.NewTrust{
		Issuer: o.url, Subject: "workload", Claims: map[string]string{"id": "9007199254740992"}, Scopes: []string{"read"},
	})
	with := func(first, second string) string { // further claims before and after the others
		claims := fmt.Sprintf(`{%s"iss":%q,"exp":%d%s}`, first, o.url, time.Now().Add(time.Minute).Unix(), second)
		return sign(t, jose.ES256, o.key, "JWT", "k1", json.RawMessage(claims))
	}
	const subject, audience, id = `"sub":"workload",`, `"aud":"` + issuer + `",`, `"id":9007199254740992,`
	for name, token := range map[string]string{
		"number": with(subject+audience+id, ""), "text": with(subject+audience, `,"id":"9007199254740992"`),
	} {
		if got := f.withAssertion(t, c.ID, token); got.Status != http.StatusOK {
			t.Errorf("%s: %+v", name, got)
		}
	}
	for name, bad := range map[string]string{
		"Sub before":        with(`"Sub":"workload","sub":"attacker",`+audience+id, ""),
		"Sub after":         with(`"sub":"attacker",`+audience+id, `,"Sub":"workload"`),
		"Sub alone":         with(audience+id, `,"SUB":"workload"`),
		"long s":            with(`"sub":"attacker",`+audience+id, `,"\u017fub":"workload"`),
		"Aud after":         with(subject+`"aud":"https://other.example.com",`+id, `,"Aud":"`+issuer+`"`),
		"Aud alone":         with(subject+id, `,"Aud":"`+issuer+`"`),
		"ID after":          with(subject+audience+`"id":"1",`, `,"ID":"9007199254740992"`),
		"sub twice":         with(`"sub":"attacker",`+subject+audience+id, ""),
		"sub twice, after":  with(subject+audience+id, `,"sub":"attacker"`),
		"id twice":          with(subject+audience+id, `,"id":"1"`),
		"a near number":     with(subject+audience+`"id":9007199254740993,`, ""),
		"a number with exp": with(subject+audience+`"id":9007199254740992e0,`, ""),
		"a fraction":        with(subject+audience+`"id":9007199254740992.0,`, ""),
		"nested":            with(subject+audience+`"id":{"id":"9007199254740992"},`, ""),
		"null":              with(subject+audience+`"id":null,`, ""),
		"sub as a number":   with(`"sub":7,`+audience+id, ""),
		"sub as a list":     with(`"sub":["workload"],`+audience+id, ""),
		"aud with numbers":  with(subject+`"aud":["`+issuer+`",7],`+id, ""),
	} {
		if got := f.withAssertion(t, c.ID, bad); got.Status != http.StatusUnauthorized {
			t.Errorf("%s: %d %s", name, got.Status, got.Description)
		}
	}
}

// Parts of the header that the sender chose lead to no other key, and extensions that nobody knows are not ignored.
func TestHeadersChooseNoKey(t *testing.T) {
	t.Parallel()
	f, o := open(t, storetest.SQLite(t)), newOutsider(t)
	own := newKey(t)
	c, _, err := f.service.CreateClient(t.Context(), model.NewClient{
		Name: "pipeline", Scopes: []string{"read"}, Keys: keySet(t, own),
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.service.AddTrust(t.Context(), c.ID, model.NewTrust{
		Issuer: o.url, Subject: mainBranch, Scopes: []string{"read"}, Claims: map[string]string{"repository_id": "1234"},
	}); err != nil {
		t.Fatal(err)
	}
	attacker := newOutsider(t)
	f.withAssertion(t, c.ID, o.token(t)) // makes the key of the control plane
	id, signing := f.storedKey(t)
	jwk := jose.JSONWebKey{Key: &attacker.key.PublicKey, KeyID: "k1", Algorithm: "ES256", Use: "sig"}
	forge := func(key any, kind string, claims any, header map[string]any) string {
		options := (&jose.SignerOptions{}).WithType(jose.ContentType(kind))
		for name, value := range header {
			options.WithHeader(jose.HeaderKey(name), value)
		}
		return signWith(t, jose.ES256, key, options, claims)
	}
	ownClaims := func() map[string]any {
		return o.claims("iss", c.ID, "sub", c.ID, "jti", "1")
	}
	accessClaims := o.claims("iss", issuer, "sub", c.ID, "client_id", c.ID, "scope", "admin")
	for name, header := range map[string]map[string]any{
		"jwk":         {"jwk": jwk},
		"jwk and kid": {"jwk": jwk, "kid": "k1"},
		"jku":         {"jku": attacker.url + "/keys", "kid": "k1"},
		"x5u":         {"x5u": attacker.url + "/keys", "kid": "k1"},
		"kid path":    {"kid": "../../k1"},
		"kid address": {"kid": attacker.url + "/keys"},
		"kid query":   {"kid": "k1' OR '1'='1"},
		"no kid":      {},
	} {
		for what, token := range map[string]string{
			"outside": forge(attacker.key, "JWT", o.claims(), header), "own": forge(attacker.key, "JWT", ownClaims(), header),
		} {
			if got := f.withAssertion(t, c.ID, token); got.Status != http.StatusUnauthorized {
				t.Errorf("%s, %s: %+v", name, what, got)
			}
		}
		forged := forge(attacker.key, "at+jwt", accessClaims, header)
		if status, _ := f.call(t, "/v1/instance", forged); status != http.StatusUnauthorized {
			t.Errorf("%s, access token: %d", name, status)
		}
	}
	if attacker.calls.Load() != 0 {
		t.Error("an address in a header was called")
	}
	critical := map[string]any{"crit": []string{"exp"}, "exp": 1, "kid": "k1"}
	for what, token := range map[string]string{
		"outside": forge(o.key, "JWT", o.claims(), critical), "own": forge(own, "JWT", ownClaims(), critical),
	} {
		if got := f.withAssertion(t, c.ID, token); got.Token != "" {
			t.Errorf("crit, %s: %+v", what, got)
		}
	}
	critical["kid"] = id
	if status, _ := f.call(t, "/v1/instance", forge(signing, "at+jwt", accessClaims, critical)); status != http.StatusUnauthorized {
		t.Errorf("crit, access token: %d", status)
	}
}

func TestUnknownScopesAreNotGranted(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	c, secret := f.create(t, "owner", "admin")
	for _, scope := range []string{"everything", "read everything", "Admin", "read,write", "*", strings.Repeat("x", 20_000)} {
		got := f.token(t, url.Values{"client_id": {c.ID}, "client_secret": {secret}, "scope": {scope}})
		if got.Status != http.StatusBadRequest || got.Error != "invalid_scope" {
			t.Errorf("scope %.20s: %d %s", scope, got.Status, got.Scope)
		}
	}
	for scope, want := range map[string]string{"": "admin", " ": "admin", "read": "read", "read  read test": "read test"} {
		got := f.token(t, url.Values{"client_id": {c.ID}, "client_secret": {secret}, "scope": {scope}})
		if got.Status != http.StatusOK || got.Scope != want {
			t.Errorf("scope %q: %+v", scope, got)
		}
	}
}

// A name can be given to another client, and what the first one has done stays its own.
func TestClientWithNameOfAnotherGetsNoneOfItsResponses(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	first, firstSecret := f.create(t, "pipeline", "write")
	firstToken := f.withSecret(t, first.ID, firstSecret).Token
	post := func(token, body string) (int, string) {
		t.Helper()
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, f.server.URL+"/v1/users", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+token)
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Idempotency-Key", "k")
		status, _, response := f.send(t, request)
		return status, string(response)
	}
	const ann, bob = `{"email":"ann@example.com","enabled":true}`, `{"email":"bob@example.com","enabled":true}`
	if status, body := post(firstToken, ann); status != http.StatusCreated {
		t.Fatalf("%d %s", status, body)
	}
	if _, err := f.service.UpdateClient(t.Context(), first.ID, model.ClientChange{Name: new("retired")}); err != nil {
		t.Fatal(err)
	}
	second, secondSecret := f.create(t, "pipeline", "write")
	secondToken := f.withSecret(t, second.ID, secondSecret).Token
	if status, body := post(secondToken, ann); status != http.StatusConflict {
		t.Errorf("the same request of another client: %d %s", status, body)
	}
	if status, body := post(secondToken, bob); status != http.StatusCreated {
		t.Errorf("another request of another client: %d %s", status, body)
	}
	f.clock.advance(time.Minute)
	if status, body := post(firstToken, ann); status != http.StatusCreated {
		t.Errorf("the first client again: %d %s", status, body)
	}
}
