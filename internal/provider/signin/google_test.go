package signin_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// googleValues are the attributes of a connection to Google with some secrets.
func googleValues(workspace *google.Server, secrets values) values {
	return values{"name": "Google", "google": values{
		"admin_email": workspace.Admin().Email, "client_id": workspace.Client().ID, "token_url": workspace.TokenURL(),
		"authorize_url": workspace.AuthorizeURL(), "api_url": workspace.APIURL(),
	}.With(secrets)}
}

// A person completes the secret of the app: that alone is valid, is compared as others are, and waits for the person.
func TestPersonCompletesConfiguredSecret(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	workspace := sandboxtest.Start(t, google.Start, google.Options{})
	config := func(more values) values {
		return googleValues(workspace, values{"client_secret_wo": workspace.Client().Secret}.With(more))
	}
	p := env.Protocol()
	_, diagnostics := p.Plan(acctest.Instance{Type: connectionType}, config(values{"client_secret_wo": nil}))
	acctest.ExpectError(t, diagnostics, "Credentials Required",
		"For a person who signs in with a browser, set client_secret_wo with client_id.")

	p = env.Protocol()
	created, diagnostics := p.Apply(acctest.Instance{Type: connectionType}, config(nil))
	p.Must(diagnostics)
	acctest.ExpectWarning(t, diagnostics, `Connection "Google" Will Wait for a Person to Sign In`,
		`Connection "Google" Waits for a Person to Sign In`)
	expectSame := func(when string) {
		t.Helper()
		p = env.Protocol()
		read, diagnostics := p.Read(created)
		p.Must(diagnostics)
		planned, diagnostics := p.Plan(read, config(nil))
		p.Must(diagnostics)
		if planned["credentials_updated_at"] == "(unknown)" || planned["last_modified_at"] == "(unknown)" {
			t.Errorf("%s, the plan is %v", when, planned)
		}
		created = read
	}
	expectSame("while it waits")
	person := env.Person()
	workspace.UpdateClient(func(c *google.Client) { c.RedirectURIs = append(c.RedirectURIs, person.Callback) })
	person.MustSignIn("Google", workspace.Admin().Email, workspace.Admin().Password)
	expectSame("after the sign-in")
	if found, err := env.Client().ConnectionByName(t.Context(), "Google"); err != nil || found.Status != "working" {
		t.Errorf("after the sign-in, it is %+v, %v", found, err)
	}
	planned, diagnostics := p.Plan(created, config(values{"client_secret_wo": "another"}))
	p.Must(diagnostics)
	if planned["credentials_updated_at"] != "(unknown)" {
		t.Errorf("another secret plans %v", planned)
	}
	if result, err := env.Client().RunTest(t.Context(), created.ID(), api.RunTest{}); err != nil || !result.Passed {
		t.Errorf("tested %+v, %v", result, err)
	}
}

// Without a person, the secret of the app does not replace a key that works.
func TestIncompleteSecretDoesNotReplaceKey(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	workspace := sandboxtest.Start(t, google.Start, google.Options{})
	created := env.Protocol().Create(connectionType, googleValues(workspace, values{"service_account_key_wo": workspace.KeyFile()}))
	_, diagnostics := env.Protocol().Apply(created, googleValues(workspace, values{"client_secret_wo": workspace.Client().Secret}))
	acctest.ExpectError(t, diagnostics, "Invalid Value", "client_secret is used once a person has signed in", "credentials in force")
	if found, err := env.Client().Connection(t.Context(), created.ID()); err != nil || found.Status != "working" {
		t.Errorf("afterwards, it is %+v, %v", found, err)
	}
}
