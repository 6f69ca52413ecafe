package salesforce

import (
	"errors"
	"net/http"

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
	s.mu.Lock()
	organizations := append([]Organization{}, s.state.organizations...)
	s.mu.Unlock()
	return struct {
		LoginURL      string             `json:"login_url"`
		MyDomainURL   string             `json:"my_domain_url"`
		InstanceURL   string             `json:"instance_url"`
		Up            bool               `json:"up"`
		Organizations []Organization     `json:"organizations"`
		Users         []User             `json:"users"`
		App           App                `json:"app"`
		Faults        []sandbox.Scripted `json:"faults"`
		SignIns       sandbox.SignIns    `json:"sign_ins"`
	}{
		s.LoginURL(), s.MyDomainURL(), s.InstanceURL(), s.IsUp(), organizations, s.Users(), s.App(), s.Pending(), s.SignIns(),
	}
}

// Routes adds the routes that only Salesforce has: organizations, users, the app, tokens, metadata, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /salesforce/users/{username}", sandbox.PatchNamed(s, "username", userFields, s.Update))
	mux.HandleFunc("PATCH /salesforce/organizations/{id}", sandbox.PatchNamed(s, "id", organizationFields, s.UpdateOrganization))
	mux.HandleFunc("PATCH /salesforce/app", sandbox.PatchChecked(s, appFields, s.UpdateApp))
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

// userFields are the fields of a user that a request may change.
func userFields(u *User) sandbox.Fields {
	return sandbox.Fields{
		"username": &u.Username, "email": &u.Email, "organization_id": &u.OrganizationID, "password": &u.Password,
		"active": &u.Active, "approved": &u.Approved, "ip_restricted": &u.IPRestricted, "api_enabled": &u.APIEnabled,
		"modify_all_data": &u.ModifyAllData, "view_all_users": &u.ViewAllUsers, "contacts": &u.Contacts,
		"calendar": &u.Calendar, "mail": &u.Mail,
	}
}

// organizationFields are the fields of an organization that a request may change.
func organizationFields(o *Organization) sandbox.Fields {
	return sandbox.Fields{
		"id": &o.ID, "name": &o.Name, "sandbox": &o.Sandbox, "active": &o.Active, "api_enabled": &o.APIEnabled,
		"request_limit": &o.RequestLimit, "requests": &o.Requests,
	}
}

// appFields are the fields of the connected app that a request may change.
func appFields(a *App) sandbox.Fields {
	return sandbox.Fields{
		"secret": &a.Secret, "certificate": &a.Certificate, "callback_urls": &a.CallbackURLs, "scopes": &a.Scopes,
		"client_credentials": &a.ClientCredentials, "run_as": &a.RunAs, "admin_approved": &a.AdminApproved,
		"secret_for_code": &a.SecretForCode, "secret_for_refresh": &a.SecretForRefresh, "pkce": &a.PKCE,
		"rotate_refresh_tokens": &a.RotateRefreshTokens, "installed": &a.Installed,
	}
}
