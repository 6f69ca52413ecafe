package access_test

import (
	"crypto/ecdsa"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// outsider is an outside issuer whose tokens the test makes, also those that a real one would not.
type outsider struct {
	url   string
	key   *ecdsa.PrivateKey
	calls atomic.Int64
	down  atomic.Bool
}

func newOutsider(t *testing.T) *outsider {
	t.Helper()
	o := &outsider{key: newKey(t)}
	keys := keySet(t, o.key)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.calls.Add(1)
		w.Header().Set("Content-Type", "application/json")
		switch {
		case o.down.Load():
			w.WriteHeader(http.StatusBadGateway)
		case r.URL.Path == "/.well-known/openid-configuration":
			_ = json.NewEncoder(w).Encode(map[string]any{
				"issuer": o.url, "jwks_uri": o.url + "/keys", "id_token_signing_alg_values_supported": []string{"ES256"},
			})
		default:
			_, _ = w.Write([]byte(keys))
		}
	}))
	t.Cleanup(server.Close)
	o.url = server.URL
	return o
}

const mainBranch = "repo:example/infrastructure:ref:refs/heads/main"

// claims are those of a pipeline on the main branch.
func (o *outsider) claims(changes ...any) map[string]any {
	now := time.Now()
	return withClaims(map[string]any{
		"iss": o.url, "aud": issuer, "sub": mainBranch, "repository_id": "1234", "event_name": "push",
		"iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
	}, changes...)
}

func (o *outsider) token(t *testing.T, changes ...any) string {
	t.Helper()
	return sign(t, jose.ES256, o.key, "JWT", "k1", o.claims(changes...))
}

// trusting creates a client that trusts a subject of the issuer.
func (f *fixture) trusting(t *testing.T, n model.NewTrust) model.Client {
	t.Helper()
	c, _, err := f.service.CreateClient(t.Context(), model.NewClient{Name: "pipeline", Scopes: []string{"read", "test", "write"}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.service.AddTrust(t.Context(), c.ID, n); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTokenOfTrustedIssuerIsAccepted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, f *fixture) {
		o := newOutsider(t)
		c := f.trusting(t, model.NewTrust{
			Issuer: o.url, Subject: "repo:example/infrastructure:ref:refs/heads/*", Claims: map[string]string{"repository_id": "1234"},
			Scopes: []string{"read", "write"},
		})
		if o.calls.Load() != 0 {
			t.Error("the issuer was called before the first token")
		}
		got := f.withAssertion(t, c.ID, o.token(t))
		if got.Status != http.StatusOK || got.Scope != "read write" {
			t.Fatalf("%+v", got)
		}
		if status, _ := f.call(t, "/v1/users", got.Token); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		for range 3 { // the token of a file is used again, and the keys are cached
			if again := f.withAssertion(t, c.ID, o.token(t)); again.Status != http.StatusOK {
				t.Errorf("%+v", again)
			}
		}
		if calls := o.calls.Load(); calls != 2 {
			t.Errorf("%d calls of the issuer", calls)
		}
		good := o.token(t)
		stranger := newOutsider(t)
		for name, bad := range map[string]string{
			"alg none":             unsigned(t, "JWT", o.claims()),
			"HS256 with key":       sign(t, jose.HS256, publicPEM(t, o.key.Public()), "JWT", "k1", o.claims()),
			"other key":            sign(t, jose.ES256, newKey(t), "JWT", "k1", o.claims()),
			"altered":              good[:len(good)-4] + "AAAA",
			"other issuer":         stranger.token(t),
			"issuer with a slash":  o.token(t, "iss", o.url+"/"),
			"other audience":       o.token(t, "aud", "https://other.example.com"),
			"prefix of audience":   o.token(t, "aud", issuer+".example.net"),
			"several audiences":    o.token(t, "aud", []string{issuer, "https://other.example.com"}),
			"no audience":          o.token(t, "aud", nil),
			"no subject":           o.token(t, "sub", nil),
			"other branch":         o.token(t, "sub", "repo:example/infrastructure:ref:refs/heads/feature/x"),
			"other ref":            o.token(t, "sub", "repo:example/infrastructure:ref:refs/tags/v1"),
			"longer subject":       o.token(t, "sub", mainBranch+":x"),
			"prefix of subject":    o.token(t, "sub", mainBranch[:len(mainBranch)-len("main")]),
			"subject in another":   o.token(t, "sub", "x"+mainBranch),
			"two lines":            o.token(t, "sub", mainBranch+"\n"+"x"),
			"other repository":     o.token(t, "sub", "repo:example/other:ref:refs/heads/main"),
			"renamed repository":   o.token(t, "repository_id", "9999"),
			"no repository id":     o.token(t, "repository_id", nil),
			"list of ids":          o.token(t, "repository_id", []string{"1234"}),
			"of a pull request":    o.token(t, "event_name", "pull_request"),
			"of a merge request":   o.token(t, "pipeline_source", "merge_request_event"),
			"expired":              o.token(t, "exp", time.Now().Add(-2*time.Minute).Unix()),
			"without end":          o.token(t, "exp", nil),
			"of the future":        o.token(t, "iat", time.Now().Add(5*time.Minute).Unix()),
			"not yet valid":        o.token(t, "nbf", time.Now().Add(5*time.Minute).Unix()),
			"access token of ours": got.Token,
		} {
			refusal := f.withAssertion(t, c.ID, bad)
			if refusal.Status != http.StatusUnauthorized || refusal.Error != "invalid_client" || refusal.Token != "" ||
				strings.Contains(refusal.Description, strings.Split(bad, ".")[1]) {
				t.Errorf("%s: %+v", name, refusal)
			}
		}
		if stranger.calls.Load() != 0 {
			t.Error("an issuer that is not trusted was called")
		}
		refusal := f.withAssertion(t, c.ID, o.token(t, "aud", "https://other.example.com"))
		for _, want := range []string{"issuer " + o.url, "audience https://other.example.com", "subject " + mainBranch} {
			if !strings.Contains(refusal.Description, want) {
				t.Errorf("%q is missing: %s", want, refusal.Description)
			}
		}
		events, err := f.store.AuditEvents(t.Context(), model.AuditFilter{Action: "client.authenticate"}, model.Page{Limit: 100})
		named := func(e model.AuditEvent) bool { return strings.HasPrefix(e.Actor, "pipeline (repo:example/") }
		if err != nil || !slices.ContainsFunc(events, named) {
			t.Errorf("%+v, %v", events, err)
		}
	})
}

func TestIssuerThatIsDownIsTriedAgain(t *testing.T) {
	t.Parallel()
	f, o := open(t, storetest.SQLite(t)), newOutsider(t)
	c := f.trusting(t, model.NewTrust{Issuer: o.url, Subject: "workload", Scopes: []string{"read"}})
	o.down.Store(true)
	got := f.withAssertion(t, c.ID, o.token(t, "sub", "workload"))
	if got.Status != http.StatusServiceUnavailable || got.Header.Get("Retry-After") == "" {
		t.Errorf("%+v", got)
	}
	o.down.Store(false)
	f.clock.advance(5 * time.Second)
	if got := f.withAssertion(t, c.ID, o.token(t, "sub", "workload")); got.Status != http.StatusOK {
		t.Errorf("%+v", got)
	}
	// Unknown keys do not have the issuer called without limit.
	before := o.calls.Load()
	for range 50 {
		f.withAssertion(t, c.ID, sign(t, jose.ES256, newKey(t), "JWT", "unknown", o.claims("sub", "workload")))
	}
	if calls := o.calls.Load() - before; calls > 10 {
		t.Errorf("%d calls of the issuer", calls)
	}
}

func TestRulesThatTrustTooMuchAreRejected(t *testing.T) {
	t.Parallel()
	f := open(t, storetest.SQLite(t))
	c, _ := f.create(t, "pipeline", "read", "test", "write")
	const hub, lab = "https://token.actions.githubusercontent.com", "https://gitlab.com"
	const labBranch, request = "project_path:a/b:ref_type:branch:ref:main", "repo:a/b:pull_request"
	id, write := map[string]string{"repository_id": "1234"}, []string{"write"}
	other := map[string]string{"actor": "a"}
	for name, test := range map[string]struct {
		rule  model.NewTrust
		field string // empty for a rule that is accepted
	}{
		"good":                     {model.NewTrust{Issuer: hub, Subject: mainBranch, Claims: id}, ""},
		"GitLab":                   {model.NewTrust{Issuer: lab, Subject: labBranch, Claims: map[string]string{"project_id": "1"}}, ""},
		"other service":            {model.NewTrust{Issuer: "https://issuer.example.com", Subject: "workload"}, ""},
		"no subject":               {model.NewTrust{Issuer: hub, Claims: id}, "subject"},
		"only a wildcard":          {model.NewTrust{Issuer: hub, Subject: "*:*", Claims: id}, "subject"},
		"no issuer":                {model.NewTrust{Subject: "x"}, "issuer"},
		"http":                     {model.NewTrust{Issuer: "http://issuer.example.com", Subject: "x"}, "issuer"},
		"GitHub without id":        {model.NewTrust{Issuer: hub, Subject: mainBranch}, "claims"},
		"own GitHub without id":    {model.NewTrust{Issuer: "https://hub.example.com/token", Subject: mainBranch}, "claims"},
		"GitHub by a wildcard":     {model.NewTrust{Issuer: "https://hub.example.com/token", Subject: "r*o:a/b:ref:*"}, "claims"},
		"GitHub with another id":   {model.NewTrust{Issuer: hub, Subject: mainBranch, Claims: other}, "claims"},
		"GitLab without id":        {model.NewTrust{Issuer: lab, Subject: labBranch}, "claims"},
		"scope of another":         {model.NewTrust{Issuer: hub, Subject: mainBranch, Claims: id, Scopes: []string{"admin"}}, "scopes"},
		"unknown scope":            {model.NewTrust{Issuer: hub, Subject: mainBranch, Claims: id, Scopes: []string{"all"}}, "scopes"},
		"pull request reads":       {model.NewTrust{Issuer: hub, Subject: request, Claims: id}, ""},
		"pull request writes":      {model.NewTrust{Issuer: hub, Subject: request, Claims: id, Scopes: write}, "scopes"},
		"maybe a pull request":     {model.NewTrust{Issuer: hub, Subject: "repo:a/b:*", Claims: id, Scopes: write}, "scopes"},
		"more than a pull request": {model.NewTrust{Issuer: hub, Subject: "repo:a/b:pull_*", Claims: id, Scopes: write}, "scopes"},
	} {
		if test.rule.Scopes == nil {
			test.rule.Scopes = []string{"read"}
		}
		_, err := f.service.AddTrust(t.Context(), c.ID, test.rule)
		var fields []string
		if invalid, ok := errors.AsType[*model.InvalidError](err); ok {
			for _, field := range invalid.Fields {
				fields = append(fields, field.Path)
			}
		}
		if test.field == "" && err != nil || test.field != "" && !slices.Equal(fields, []string{test.field}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	read, err := f.service.Client(t.Context(), c.ID)
	if err != nil || len(read.Trusts) != 4 || read.Trusts[0].Audience != issuer {
		t.Fatalf("%+v, %v", read.Trusts, err)
	}
	for _, rule := range read.Trusts {
		if err := f.service.RemoveTrust(t.Context(), c.ID, rule.ID); err != nil {
			t.Error(err)
		}
	}
	if err := f.service.RemoveTrust(t.Context(), c.ID, read.Trusts[0].ID); !errors.Is(err, model.ErrNotFound) {
		t.Error(err)
	}
}
