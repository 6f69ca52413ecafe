package dynamics365

import (
	"crypto/rand"
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "dynamics365" }

// Title returns the display name and the ways to sign in.
func (s *Server) Title() string {
	return "Microsoft Dynamics 365 (Dataverse Web API), with a client secret or a certificate at Microsoft Entra ID"
}

// Variables returns the variables for a sign-in with the client secret. Those of the certificate are alternatives.
func (s *Server) Variables() []sandbox.Variable {
	app := s.entra.App()
	variables := []sandbox.Variable{
		{Name: "dynamics365_url", Value: s.URL()},
		{Name: "dynamics365_tenant_id", Value: s.entra.Tenant().ID},
		{Name: "dynamics365_client_id", Value: app.ClientID},
		{Name: "dynamics365_authority_url", Value: s.URLOf(entra.Site)},
		{Name: "dynamics365_organization_id", Value: s.Organization().ID},
		{Name: "dynamics365_client_secret", Value: app.Secrets[0].Value, Secret: true},
	}
	if pair, err := s.entra.Pair(); err == nil { // made at the start
		variables = append(variables,
			sandbox.Variable{Name: "dynamics365_certificate", Value: pair.Certificate, Alternative: true},
			sandbox.Variable{Name: "dynamics365_private_key", Value: pair.PrivateKey, Secret: true, Alternative: true})
	}
	return append(variables, sandbox.Variable{Name: "dynamics365_ca_certificate", Value: s.CA()})
}

// ChangeSecret replaces the client secret and returns the variable with the new one.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	secret := rand.Text()
	return []sandbox.Variable{{Name: "dynamics365_client_secret", Value: secret, Secret: true}}, s.entra.SetSecret(secret)
}

// Examples are changes of an integration in Dynamics 365.
func (s *Server) Examples() []sandbox.ControlExample {
	user := "/dynamics365/users/" + s.Service().Username
	return []sandbox.ControlExample{
		{What: "the client secret expires", Method: http.MethodPost, Path: "/dynamics365/entra/expire-secrets"},
		{
			What:   "the application user loses the role Delegate (the impersonation test fails)",
			Method: http.MethodPatch, Path: user, Body: `{"act_on_behalf":false}`,
		},
		{
			What:   "a user is disabled (a test with user_email fails)",
			Method: http.MethodPatch, Path: "/dynamics365/users/ada@example.com", Body: `{"disabled":true}`,
		},
		{
			What:   "a maker adds a table (the metadata test shows it)",
			Method: http.MethodPost, Path: "/dynamics365/tables", Body: `{"name":"cr1_project"}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{
		"authority_url": s.URLOf(entra.Site), "organization": s.Organization(), "entra": s.entra.State(),
	})
}

// tableName matches the names of custom tables.
var tableName = regexp.MustCompile(`^[a-z][a-z0-9]{1,7}_[a-z0-9_]{1,40}$`)

// Routes adds the routes that only Dynamics 365 has, and those of Entra.
func (s *Server) Routes(mux *http.ServeMux) {
	s.entra.Routes(mux, s)
	mux.HandleFunc("PATCH /dynamics365/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("DELETE /dynamics365/users/{name}", sandbox.HandleJSON(s, func(r *http.Request, _ struct{}) error {
		return s.Remove(r.PathValue("name"))
	}))
	mux.HandleFunc("PATCH /dynamics365/organization", sandbox.Patch(s, s.UpdateOrganization))
	mux.HandleFunc("POST /dynamics365/tables", sandbox.HandleAdd(s, tableName,
		"a table requires a name with a prefix, such as cr1_project", s.AddTable))
}
