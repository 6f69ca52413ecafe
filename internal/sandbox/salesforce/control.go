package salesforce

import (
	"errors"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "salesforce" }

// Title returns the display name and the ways to sign in.
func (s *Server) Title() string {
	return "Salesforce, with JWT bearer, client credentials (My Domain only), refresh token and web server flow"
}

// Variables returns the variables for a sign-in with the key, at the host that serves all grants. Those of the other
// grants are alternatives.
func (s *Server) Variables() []sandbox.Variable {
	app, service := s.App(), s.Service()
	return []sandbox.Variable{
		{Name: "salesforce_login_url", Value: s.MyDomainURL()},
		{Name: "salesforce_username", Value: service.Username},
		{Name: "salesforce_organization_id", Value: service.OrganizationID},
		{Name: "salesforce_client_id", Value: app.ConsumerKey},
		{Name: "salesforce_private_key", Value: app.PrivateKey, Secret: true},
		{Name: "salesforce_client_secret", Value: app.Secret, Secret: true, Alternative: true},
		{Name: "salesforce_refresh_token", Value: s.RefreshToken(), Secret: true, Alternative: true},
		{Name: "salesforce_ca_certificate", Value: s.CA()},
	}
}

// Examples are changes of an integration in Salesforce.
func (s *Server) Examples() []sandbox.ControlExample {
	user := "/salesforce/users/" + s.Service().Username
	return []sandbox.ControlExample{
		{
			What:   "an administrator revokes all tokens (a connection with a refresh token fails)",
			Method: http.MethodPost, Path: "/salesforce/revoke",
		},
		{
			What:   "the service user loses the permission API Enabled",
			Method: http.MethodPatch, Path: user, Body: `{"api_enabled":false}`,
		},
		{
			What:   "client credentials sign in as another user (a connection with client_secret_wo fails)",
			Method: http.MethodPatch, Path: "/salesforce/app", Body: `{"run_as":"somebody@example.com"}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	s.Lock()
	organizations := slices.Clone(s.state.organizations)
	s.Unlock()
	return s.Describe(map[string]any{
		"login_url": s.LoginURL(), "my_domain_url": s.MyDomainURL(), "instance_url": s.InstanceURL(),
		"organizations": organizations, "app": s.App(),
	})
}

// Routes adds the routes that only Salesforce has: organizations, users, the app, tokens, metadata, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /salesforce/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("PATCH /salesforce/organizations/{name}", sandbox.PatchNamed(s, s.UpdateOrganization))
	mux.HandleFunc("PATCH /salesforce/app", sandbox.PatchChecked(s, s.UpdateApp))
	mux.HandleFunc("POST /salesforce/rotate-key", sandbox.HandleJSON(s, func(*http.Request, struct{}) error {
		_, err := s.RotateKey()
		return err
	}))
	mux.HandleFunc("POST /salesforce/revoke", sandbox.HandleUser(s, s.RevokeTokens))
	mux.HandleFunc("POST /salesforce/expire", sandbox.HandleUser(s, s.ExpireSessions))
	mux.HandleFunc("POST /salesforce/instance", sandbox.HandleSimple(s, func(body struct {
		URL string `json:"url"`
	}) {
		s.SetInstanceURL(body.URL)
	}))
	mux.HandleFunc("POST /salesforce/objects", sandbox.HandleJSON(s, func(_ *http.Request, body struct {
		Name  string `json:"name"`
		Label string `json:"label"`
	}) error {
		if !codeForm.MatchString(body.Name) {
			return errors.New("an object requires a name of letters and underscores, such as Riva_Sync__c")
		}
		s.AddObject(body.Name, body.Label)
		return nil
	}))
	mux.HandleFunc("POST /salesforce/throttle", sandbox.HandleThrottle(s, 0, RequestLimit))
}
