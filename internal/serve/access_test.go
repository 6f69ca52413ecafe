package serve_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// register creates a client of a shared control plane, as the owner of its storage does.
func register(t *testing.T, o storage.Options, scopes ...api.Scope) api.IssuedClient {
	t.Helper()
	control, err := embedded.Open(t.Context(), embedded.Options{
		DataDir: o.DataDir, DatabaseURL: o.DatabaseURL, Keyset: o.Keyset, KeysetJSON: o.KeysetJSON, Systems: catalog.All(),
	})
	if err != nil {
		t.Fatal(err)
	}
	owner, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err != nil {
		t.Fatal(err)
	}
	issued, err := owner.CreateClient(t.Context(), api.CreateRegisteredClient{Name: "pipeline", Scopes: scopes})
	if err != nil {
		t.Fatal(err)
	}
	if err := control.Close(); err != nil {
		t.Fatal(err)
	}
	return issued
}

// connect is a client of the control plane at an address, which authenticates with a secret.
func connect(t *testing.T, address, authority string, as api.IssuedClient) *api.Client {
	t.Helper()
	transport := client(t, authority).Transport
	tokens := api.Credentials{ClientID: as.Client.ID, ClientSecret: string(as.Secret)}.TokenSource(address, transport)
	c, err := api.NewClient(api.Options{BaseURL: address, Transport: transport, TokenSource: tokens})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A token of one replica is valid at another one, and not at another control plane.
func TestClientsOfReplicas(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	o := serve.Options{Storage: on(d), PublicURL: "https://riva.example.com"}
	first, second := start(t, o), start(t, o)
	other := start(t, serve.Options{PublicURL: "https://riva.example.com"})
	registered := register(t, o.Storage, api.ScopeRead)
	transport := client(t, "").Transport
	tokens := api.Credentials{ClientID: registered.Client.ID, ClientSecret: string(registered.Secret)}.
		TokenSource(first.url, transport)
	for name, c := range map[string]struct {
		at   *replica
		want func(error) bool
	}{
		"the same replica":      {first, func(err error) bool { return err == nil }},
		"another replica":       {second, func(err error) bool { return err == nil }},
		"another control plane": {other, func(err error) bool { return api.IsProblem(err, api.ProblemUnauthenticated) }},
	} {
		caller, err := api.NewClient(api.Options{BaseURL: c.at.url, Transport: transport, TokenSource: tokens})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := caller.Instance(t.Context()); !c.want(err) {
			t.Errorf("%s: %v", name, err)
		}
		if c.at == other {
			continue
		}
		_, err = caller.CreateUser(t.Context(), api.CreateUser{Email: "ann@example.com"})
		if !api.IsProblem(err, api.ProblemScope) {
			t.Errorf("%s: a change with the scope read: %v", name, err)
		}
	}
	registered.Secret += "x"
	if _, err := connect(t, second.url, "", registered).Instance(t.Context()); err == nil {
		t.Error("a wrong secret is accepted")
	}
	if issued := first.metrics(t, `riva_tokens_total{method="secret",result="issued"}`); len(issued) != 1 {
		t.Errorf("tokens of the first replica: %q", first.metrics(t, "riva_tokens_total"))
	}
	if refused := second.metrics(t, `riva_tokens_total{method="secret",result="invalid_client"}`); len(refused) != 1 {
		t.Errorf("tokens of the second replica: %q", second.metrics(t, "riva_tokens_total"))
	}
	token, err := tokens.Token()
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{token.AccessToken, strings.TrimSuffix(string(registered.Secret), "x")} {
		for _, r := range []*replica{first, second, other} {
			if strings.Contains(r.log.String()+strings.Join(r.metrics(t, ""), "\n"), secret) {
				t.Error("a secret is in the log or in the metrics")
			}
		}
	}
	if log := first.log.String(); !strings.Contains(log, `"client":"pipeline"`) {
		t.Errorf("the log does not name the client: %s", log)
	}
}

func TestBodyLimitIsProblem(t *testing.T) {
	t.Parallel()
	files := newPairFiles(t)
	authority := files.replace(t, "riva", time.Now().Add(time.Hour))
	o := files.options()
	o.Storage = newDataDir(t)
	r := start(t, o)
	registered := register(t, o.Storage, api.ScopeWrite)
	c := client(t, authority)
	tokens := api.Credentials{ClientID: registered.Client.ID, ClientSecret: string(registered.Secret)}.
		TokenSource(r.url, c.Transport)
	token, err := tokens.Token()
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{api.MaxBody + 1, api.MaxBody + 2, 3 * api.MaxBody} {
		resp, err := try(t.Context(), c, http.MethodPost, r.url+"/v1/users", bytes.NewReader(bytes.Repeat([]byte(" "), size)),
			"Authorization", "Bearer "+token.AccessToken, "Content-Type", "application/json")
		if err != nil || resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(resp.body, api.ProblemTooLarge) {
			t.Errorf("%d bytes: %+v, %v", size, resp, err)
		}
	}
	resp, err := try(t.Context(), c, http.MethodPost, r.url+"/oauth/token", strings.NewReader(strings.Repeat("x", 100<<10)),
		"Content-Type", "application/x-www-form-urlencoded")
	if err != nil || resp.StatusCode < 400 || resp.StatusCode >= 500 {
		t.Errorf("a large request for a token: %+v, %v", resp, err)
	}
}

// Without a public address, tokens and links have the address of the listener.
func TestOwnAddressIsIssuer(t *testing.T) {
	t.Parallel()
	o := newDataDir(t)
	r := start(t, serve.Options{Storage: o})
	metadata := get(t, client(t, ""), r.url+"/.well-known/oauth-authorization-server")
	if metadata.StatusCode != http.StatusOK || !strings.Contains(metadata.body, `"issuer":"`+r.url+`"`) {
		t.Errorf("the metadata: %d %s", metadata.StatusCode, metadata.body)
	}
	if _, err := connect(t, r.url, "", register(t, o, api.ScopeRead)).Instance(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestUnusableIssuerCAIsError(t *testing.T) {
	t.Parallel()
	files := newPairFiles(t)
	_, key := pemtest.Pair(t, "issuer", time.Now().Add(time.Hour))
	write(t, files.key, key)
	for _, path := range []string{files.certificate, files.key} {
		o := serve.Options{Storage: newDataDir(t), Listen: "127.0.0.1:0", IssuerCA: path}
		if _, err := serve.Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), "--issuer-ca (RIVA_ISSUER_CA)") {
			t.Errorf("%s: %v", path, err)
		}
	}
}
