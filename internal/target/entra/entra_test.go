package entra_test

import (
	"net/url"
	"testing"
	"time"

	"golang.org/x/oauth2"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// The grants of an application.
const (
	bySecret      = "secret"
	byCertificate = "certificate"
	byRefresh     = "refresh"
)

const (
	api   = "https://api.example.com"
	scope = api + "/.default"
)

// directory is a stand-in directory.
type directory struct {
	*sandbox.Directory
	*sandboxcore.Host
}

// start runs a directory with an API that the app may read.
func start(t *testing.T, now func() time.Time) directory {
	t.Helper()
	seed, err := sandbox.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	seed.Resources = func() []sandbox.Resource {
		return []sandbox.Resource{{AppID: "api", URIs: []string{api}, Roles: []string{"Read.All"}, Scopes: []string{"Read"}}}
	}
	seed.Apps[0].Consents["api"] = sandbox.Consent{Roles: []string{"Read.All"}, Scopes: []string{"Read"}}
	var b directory
	at := func() string { return b.URL() } //nolint:gocritic // the host is known only later
	b.Directory, err = sandbox.New(sandbox.Options{Seed: seed, URL: at, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	b.Host, err = sandboxcore.Start(sandboxcore.Options{}, b.System())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

// system is a test system that signs in with Entra.
func system() *target.System {
	return &target.System{
		Name: "example", Title: "Example",
		Fields: []target.Field{
			{Name: "url", Type: target.URL}, entra.TenantField(), entra.ClientField(), entra.AuthorityField(), entra.SecretField(),
			entra.CertificateField(), entra.KeyField(), {Name: entra.RefreshToken, Secret: true}, {Name: "username", Type: target.String},
		},
		Grants: []target.Grant{
			{Name: bySecret, Secrets: []string{entra.ClientSecret}},
			{Name: byCertificate, Secrets: []string{entra.Certificate, entra.PrivateKey}, CheckCredentials: entra.CheckKeyPair},
			{Name: byRefresh, Secrets: []string{entra.RefreshToken, entra.ClientSecret}},
		},
	}
}

// application is the stand-in's app with one of the grants.
func (b directory) application(t *testing.T, authentication string) entra.Application {
	t.Helper()
	app := b.App()
	account := target.Account{
		System: system(),
		Settings: target.Settings{
			entra.TenantID: b.Tenant().ID, entra.ClientID: app.ClientID, entra.AuthorityURL: b.URL() + "/",
		},
		Network: target.Network{LoopbackHTTP: true, ResponseTimeout: 5 * time.Second},
		Tokens:  new(target.Tokens),
	}
	switch authentication {
	case bySecret:
		account.Credentials = target.Credentials{entra.ClientSecret: app.Secrets[0].Value}
	case byCertificate:
		pair, err := b.Pair()
		if err != nil {
			t.Fatal(err)
		}
		account.Credentials = target.Credentials{entra.Certificate: pair.Certificate, entra.PrivateKey: pair.PrivateKey}
	case byRefresh:
		token, err := b.Approve("riva-sync@example.com", scope)
		if err != nil {
			t.Fatal(err)
		}
		account.Credentials = target.Credentials{entra.RefreshToken: token, entra.ClientSecret: app.Secrets[0].Value}
	}
	client, err := call.NewClient(account.Network, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return entra.Application{Account: account, Client: client, Scope: scope, Resource: "url"}
}

func grants(t *testing.T, test func(t *testing.T, authentication string)) {
	t.Helper()
	conformance.Each(t, []string{bySecret, byCertificate, byRefresh}, test)
}

func fetch(t *testing.T, a entra.Application) *oauth2.Token {
	t.Helper()
	token, err := a.Fetch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// requireFault fetches a token, which must fail, and returns the fault.
func requireFault(t *testing.T, a entra.Application) *target.Fault {
	t.Helper()
	_, err := a.Fetch(t.Context())
	fault, ok := target.AsFault(err)
	if !ok {
		t.Fatalf("got %v, want a fault", err)
	}
	return fault
}

// forms are the forms that the token endpoint received.
func (b directory) forms(t *testing.T) []url.Values {
	t.Helper()
	var all []url.Values
	for _, request := range b.Requests() {
		form, err := url.ParseQuery(string(request.Body))
		if err != nil || request.Operation != "token" {
			t.Fatalf("%s %s: %v", request.Method, request.Path, err)
		}
		all = append(all, form)
	}
	return all
}
