package acctest

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// Person is a person with a browser, and the pages to sign in at. As with the command authorize, the pages are those of another
// control plane on the same data directory than that of the provider.
type Person struct {
	// Callback is the redirect address, which is registered with the app of Salesforce.
	Callback string

	env       *Environment
	t         *testing.T
	plane     *embedded.ControlPlane
	client    *api.Client
	authority string // PEM
}

// Person serves the pages at an https address of this machine until the test ends.
func (env *Environment) Person() *Person {
	t := env.test()
	t.Helper()
	plane, err := embedded.Open(t.Context(), embedded.Options{
		DataDir: env.DataDir, Keyset: env.Keyset, Version: Version, Systems: env.Systems,
	})
	if err != nil {
		t.Fatalf("open the control plane: %v", err)
	}
	sandboxtest.CloseAfterTest(t, plane)
	var handler http.Handler
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	if handler, err = plane.SignInHandler(server.URL); err != nil {
		t.Fatalf("serve the pages: %v", err)
	}
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: plane})
	if err != nil {
		t.Fatalf("create a client: %v", err)
	}
	p := &Person{
		Callback: server.URL + pages.CallbackPath, env: env, t: t, plane: plane, client: client,
		authority: string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})),
	}
	env.UpdateApp(func(a *salesforce.App) {
		a.CallbackURLs, a.SecretForCode, a.SecretForRefresh = append(a.CallbackURLs, p.Callback), false, false
	})
	return p
}

// Serve serves the control plane of the pages at a network address, as [Environment.Serve] does: a shared one with pages.
func (p *Person) Serve(modify func(*http.Response) error) {
	p.t.Helper()
	p.env.serveOver(p.plane, modify)
}

// Pending requests a sign-in for a connection, by name, as somebody does who runs the command.
func (p *Person) Pending(name string) api.Revalidation {
	p.t.Helper()
	requested, err := p.client.Revalidate(p.t.Context(), p.find(name).ID, 0, api.Revalidate{Interactive: true})
	if err != nil {
		p.t.Fatalf("request a sign-in: %v", err)
	}
	return requested
}

// Link is the link of the sign-in that a connection waits for, by name; empty if it does not wait for one.
func (p *Person) Link(name string) string {
	p.t.Helper()
	found := p.find(name)
	if found.AuthorizationID == "" {
		return ""
	}
	pending, err := p.client.Revalidation(p.t.Context(), found.ID, found.AuthorizationID)
	if err != nil {
		p.t.Fatalf("read the sign-in: %v", err)
	}
	return string(pending.AuthorizationURL)
}

func (p *Person) find(name string) api.Connection {
	p.t.Helper()
	found, err := p.client.ConnectionByName(p.t.Context(), name)
	if err != nil {
		p.t.Fatalf("find the connection %q: %v", name, err)
	}
	return found
}

// SignInAs opens the link of a connection, signs in, and returns the last page.
func (p *Person) SignInAs(name, username, password string) *person.Page {
	p.t.Helper()
	browser := sandboxtest.Browser(p.t, p.authority)
	page, err := browser.Open(p.t.Context(), p.Link(name))
	if err == nil {
		page, err = page.Press(p.t.Context(), page.Buttons[0].Label)
	}
	callback := ""
	if err == nil {
		callback, err = page.SignIn(p.t.Context(), username, password, person.Choices{})
	}
	if err == nil {
		page, err = browser.Open(p.t.Context(), callback)
	}
	if err != nil {
		p.t.Fatalf("sign in for %q: %v", name, err)
	}
	return page
}

// SignIn signs in as the service user of Salesforce, which must succeed.
func (p *Person) SignIn(name string) {
	p.t.Helper()
	service := p.env.Salesforce.Service()
	p.MustSignIn(name, service.Username, service.Password)
}

// MustSignIn is [Person.SignInAs] for a sign-in that must succeed.
func (p *Person) MustSignIn(name, username, password string) {
	p.t.Helper()
	if page := p.SignInAs(name, username, password); page.Status != http.StatusOK ||
		page.Heading != "Connection has been configured successfully!" {
		p.t.Fatalf("the sign-in for %q ends with %d %s", name, page.Status, page.Text)
	}
}
