// Package acctest has the fixtures and helpers of the provider's acceptance tests: the real provider in the test's process, an
// embedded control plane in a temporary directory, and stand-ins for Exchange and Salesforce on loopback. A test drives the
// provider with Terraform in this process ([Environment.Test]), with Terraform's commands ([Environment.Command]) or over
// Terraform's protocol ([Environment.Protocol]). Only tests import the package.
package acctest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// Version is the version of the provider under test.
const Version = "0.0.0-test"

// Environment is the environment of one test, separate from those of all other tests.
type Environment struct {
	// Exchange and Salesforce are the target systems. Their service accounts can act for users.
	Exchange   *sandbox.Server
	Salesforce *salesforce.Server
	// DataDir and Keyset are those of the embedded control plane.
	DataDir, Keyset string
	// DatabaseURL is the address of the PostgreSQL database of the embedded control plane. Empty is the data directory. See
	// [Environment.UseDatabase].
	DatabaseURL string
	// Endpoint is the address of a shared control plane for configurations. Empty is the embedded one. See [Environment.Serve].
	Endpoint string
	// ClientID authenticates configurations with the endpoint, whose commands need its secret in RIVA_CLIENT_SECRET. Empty is a
	// fixed token.
	ClientID string
	// Systems are the target systems of provider and control plane. The default is the catalog.
	Systems []*target.System

	t      testing.TB
	mu     sync.Mutex
	planes map[string]*embedded.Lazy
}

// New starts the stand-ins and creates directories. Everything ends with the test.
func New(t *testing.T) *Environment {
	t.Helper()
	server, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatalf("start the stand-in for Exchange: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop the stand-in for Exchange: %v", err)
		}
	})
	crm := startCRM(t)
	env := Empty(t)
	env.Exchange, env.Salesforce = server, crm
	return env
}

// Empty is an environment without stand-ins, for tests with their own target systems. It makes no call over a network, so it can
// be used with testing/synctest.
func Empty(tb testing.TB) *Environment {
	tb.Helper()
	dir := tb.TempDir()
	env := &Environment{
		DataDir: filepath.Join(dir, "data"), Keyset: filepath.Join(dir, "keys", "keyset.json"), Systems: catalog.All(),
		t: tb, planes: map[string]*embedded.Lazy{},
	}
	tb.Cleanup(func() {
		for dir := range env.planes {
			env.close(dir)
		}
	})
	return env
}

// Test runs the steps in the environment. It skips the test unless acceptance tests are enabled (TF_ACC).
func (env *Environment) Test(steps ...resource.TestStep) {
	env.t.Helper()
	resource.Test(env.test(), resource.TestCase{ProtoV6ProviderFactories: env.Factories(), Steps: steps})
}

// test is the test of the environment, for libraries that do not support benchmarks.
func (env *Environment) test() *testing.T {
	env.t.Helper()
	t, ok := env.t.(*testing.T)
	if !ok {
		env.t.Fatal("a benchmark cannot do this")
	}
	return t
}

// Factories serve the provider in this process. Terraform starts it for each of its commands; the control plane stays open in
// between, as in a process that continues.
func (env *Environment) Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"riva": func() (tfprotov6.ProviderServer, error) { return provider.New(Version, env.Systems, env.Open)(), nil },
	}
}

// Open opens the embedded control plane of a data directory or a database, once. It need not exist.
func (env *Environment) Open(ctx context.Context, o provider.EmbeddedOptions) (provider.Embedded, error) {
	env.mu.Lock()
	defer env.mu.Unlock()
	key := o.DataDir + o.DatabaseURL
	if plane, ok := env.planes[key]; ok {
		return plane, nil
	}
	plane, err := embedded.OpenLazy(ctx, embedded.Options{
		DataDir: o.DataDir, DatabaseURL: o.DatabaseURL, CACertificate: o.CACertificate, Keyset: o.Keyset, KeysetJSON: o.KeysetJSON,
		Version: o.Version, Systems: o.Systems, Logger: o.Logger,
	})
	if err != nil {
		return nil, err
	}
	env.planes[key] = plane
	return plane, nil
}

func (env *Environment) close(dir string) {
	env.mu.Lock()
	defer env.mu.Unlock()
	if plane, ok := env.planes[dir]; ok {
		delete(env.planes, dir)
		if err := plane.Close(); err != nil {
			env.t.Errorf("close the control plane in %s: %v", dir, err)
		}
	}
}

// LoseDataDir closes the control plane and removes its data, as on a new machine.
func (env *Environment) LoseDataDir() {
	env.close(env.DataDir)
	if err := os.RemoveAll(env.DataDir); err != nil {
		env.t.Fatalf("remove the data directory: %v", err)
	}
}

// Client is a client of the control plane, for changes outside Terraform.
func (env *Environment) Client() *api.Client {
	env.t.Helper()
	return env.client(api.Options{})
}

// ComparisonKey reads the comparison key of a connection, as the provider does.
func (env *Environment) ComparisonKey(name string) []byte {
	env.t.Helper()
	client := env.client(api.Options{ComparisonKeys: true})
	found, err := client.ConnectionByName(env.t.Context(), name)
	if err == nil {
		found, err = client.ComparableConnection(env.t.Context(), found.ID)
	}
	if err != nil || len(found.ComparisonKey) == 0 {
		env.t.Fatalf("read the comparison key of %s: %d bytes, %v", name, len(found.ComparisonKey), err)
	}
	return found.ComparisonKey
}

func (env *Environment) client(o api.Options) *api.Client {
	env.t.Helper()
	o.BaseURL, o.Transport = embedded.BaseURL, env.controlPlane()
	client, err := api.NewClient(o)
	if err != nil {
		env.t.Fatalf("create a client: %v", err)
	}
	return client
}

// Made creates the control plane, as the first create of an apply does.
func (env *Environment) Made() *Environment {
	env.t.Helper()
	env.controlPlane()
	return env
}

// controlPlane is the control plane of the environment's data directory or database.
func (env *Environment) controlPlane() http.RoundTripper {
	env.t.Helper()
	o := provider.EmbeddedOptions{DataDir: env.DataDir, Keyset: env.Keyset, Version: Version, Systems: env.Systems}
	if env.DatabaseURL != "" {
		o.DataDir, o.DatabaseURL = "", env.DatabaseURL
	}
	plane, err := env.Open(env.t.Context(), o)
	if err == nil {
		_, _, err = plane.Make(env.t.Context())
	}
	if err != nil {
		env.t.Fatalf("open the control plane: %v", err)
	}
	return plane
}

// Serve serves the control plane at a network address of this machine, for configurations from now on. If modify is not nil, it
// can replace responses, like those of an older or stricter control plane.
func (env *Environment) Serve(modify func(*http.Response) error) {
	env.t.Helper()
	env.serveOver(env.controlPlane(), modify)
}

func (env *Environment) serveOver(plane http.RoundTripper, modify func(*http.Response) error) {
	env.t.Helper()
	address, err := url.Parse(embedded.BaseURL)
	if err != nil {
		env.t.Fatal(err)
	}
	server := httptest.NewServer(&httputil.ReverseProxy{
		Transport: plane, ModifyResponse: modify,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(address)
			r.Out.Header.Del("Authorization") // the embedded control plane has no tokens
		},
	})
	env.t.Cleanup(server.Close)
	env.Endpoint = server.URL
}

// Config is a configuration: the provider, the variables of all fixtures, and the body. The password is an ephemeral variable,
// since others are written into saved plans.
func (env *Environment) Config(body string) string {
	where := fmt.Sprintf("data_dir = %q\n  keyset   = %q", env.DataDir, env.Keyset)
	variables := crmVariables
	switch {
	case env.DatabaseURL != "":
		where = fmt.Sprintf("database_url = var.database_url\n  keyset       = %q", env.Keyset)
		variables += databaseVariable
	case env.Endpoint != "" && env.ClientID != "":
		where = fmt.Sprintf("endpoint  = %q\n  client_id = %q", env.Endpoint, env.ClientID)
	case env.Endpoint != "":
		where = fmt.Sprintf("endpoint = %q\n  token    = \"static\"", env.Endpoint)
	}
	return fmt.Sprintf(`
provider "riva" {
  %s
}

variable "url" {
  type = string
}

variable "username" {
  type = string
}

variable "password" {
  type      = string
  ephemeral = true
  sensitive = true
}
%s%s`, where, variables, body)
}

// Variables have the service accounts of the stand-ins, with the password for that of Exchange.
func (env *Environment) Variables(password string) config.Variables {
	variables := env.addCRM(config.Variables{
		"url":      config.StringVariable(env.Exchange.URL()),
		"username": config.StringVariable(env.Exchange.Service().Email),
		"password": config.StringVariable(password),
	})
	if env.DatabaseURL != "" {
		variables["database_url"] = config.StringVariable(env.DatabaseURL)
	}
	return variables
}

// Password is the present password of the service account in Exchange.
func (env *Environment) Password() string { return env.Exchange.Service().Password }

// Mail is the usual connection to Exchange, with further attributes of the resource.
func Mail(more string) string {
	return fmt.Sprintf(`
resource "riva_connection" "mail" {
  name = "Exchange"
  exchange {
    ews_url     = var.url
    username    = var.username
    password_wo = var.password
  }
  %s
}
`, more)
}

// Check is a general test of the connection [Mail], run after every change of it.
var Check = connectionTest("mail")

// connectionTest tests a connection.
func connectionTest(name string) string {
	return fmt.Sprintf(`
data "riva_connection_test" %[1]q {
  connection_id = riva_connection.%[1]s.id
  test          = "general"
  depends_on    = [riva_connection.%[1]s]
}

check %[1]q {
  assert {
    condition     = data.riva_connection_test.%[1]s.passed
    error_message = data.riva_connection_test.%[1]s.report
  }
}
`, name)
}

// Step applies a configuration with the present password of the service account.
func (env *Environment) Step(body string) resource.TestStep {
	return resource.TestStep{Config: env.Config(body), ConfigVariables: env.Variables(env.Password())}
}
