package salesforce

import (
	"errors"
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "salesforce" }

// Title says what it is and how one signs in.
func (s *Server) Title() string {
	return "Salesforce, with JWT bearer, client credentials (My Domain only), refresh token and web server flow"
}

// Variables are those of a sign-in with the key, at the host that serves all grants; the other grants' are alternatives.
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

// Orders are what befalls an integration in Salesforce.
func (s *Server) Orders() []sandbox.Order {
	user := "/salesforce/users/" + s.Service().Username
	return []sandbox.Order{
		{
			What:   "an administrator revokes all tokens (a connection with a refresh token shows it)",
			Method: http.MethodPost, Path: "/salesforce/revoke",
		},
		{
			What:   "the service user loses the permission API Enabled",
			Method: http.MethodPatch, Path: user, Body: `{"api_enabled":false}`,
		},
		{
			What:   "client credentials sign in as somebody else (a connection with client_secret_wo shows it)",
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

// Routes are what only Salesforce has: organisations, users, the app, tokens, metadata, and its way to throttle.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /salesforce/users/{username}", sandbox.Carry(s, func(r *http.Request, o userOrder) error {
		return s.Update(r.PathValue("username"), o.apply)
	}))
	mux.HandleFunc("PATCH /salesforce/organizations/{id}", sandbox.Carry(s, func(r *http.Request, o organizationOrder) error {
		return s.UpdateOrganization(r.PathValue("id"), o.apply)
	}))
	mux.HandleFunc("PATCH /salesforce/app", sandbox.Carry(s, func(_ *http.Request, o appOrder) error {
		return s.UpdateApp(o.apply)
	}))
	mux.HandleFunc("POST /salesforce/rotate-key", sandbox.Carry(s, func(*http.Request, struct{}) error {
		_, err := s.RotateKey()
		return err
	}))
	mux.HandleFunc("POST /salesforce/revoke", sandbox.ForUser(s, s.RevokeTokens))
	mux.HandleFunc("POST /salesforce/expire", sandbox.ForUser(s, s.ExpireSessions))
	mux.HandleFunc("POST /salesforce/instance", sandbox.Do(s, func(o struct {
		URL string `json:"url"`
	}) {
		s.SetInstanceURL(o.URL)
	}))
	mux.HandleFunc("POST /salesforce/objects", sandbox.Carry(s, func(_ *http.Request, o struct {
		Name  string `json:"name"`
		Label string `json:"label"`
	}) error {
		if !codeForm.MatchString(o.Name) {
			return errors.New("an object needs a name of letters and underscores, such as Riva_Sync__c")
		}
		s.AddObject(o.Name, o.Label)
		return nil
	}))
	mux.HandleFunc("POST /salesforce/throttle", sandbox.Throttle(s, 0, RequestLimit))
}

// userOrder is an order to change a user: what it does not name stays.
type userOrder struct {
	Username       *string `json:"username"`
	Email          *string `json:"email"`
	OrganizationID *string `json:"organization_id"`
	Password       *string `json:"password"`
	Active         *bool   `json:"active"`
	Approved       *bool   `json:"approved"`
	IPRestricted   *bool   `json:"ip_restricted"`
	APIEnabled     *bool   `json:"api_enabled"`
	ModifyAllData  *bool   `json:"modify_all_data"`
	ViewAllUsers   *bool   `json:"view_all_users"`
	Contacts       *bool   `json:"contacts"`
	Calendar       *bool   `json:"calendar"`
	Mail           *bool   `json:"mail"`
}

func (o userOrder) apply(u *User) {
	sandbox.Set(&u.Username, o.Username)
	sandbox.Set(&u.Email, o.Email)
	sandbox.Set(&u.OrganizationID, o.OrganizationID)
	sandbox.Set(&u.Password, o.Password)
	sandbox.Set(&u.Active, o.Active)
	sandbox.Set(&u.Approved, o.Approved)
	sandbox.Set(&u.IPRestricted, o.IPRestricted)
	sandbox.Set(&u.APIEnabled, o.APIEnabled)
	sandbox.Set(&u.ModifyAllData, o.ModifyAllData)
	sandbox.Set(&u.ViewAllUsers, o.ViewAllUsers)
	sandbox.Set(&u.Contacts, o.Contacts)
	sandbox.Set(&u.Calendar, o.Calendar)
	sandbox.Set(&u.Mail, o.Mail)
}

// organizationOrder is an order to change an organisation.
type organizationOrder struct {
	ID           *string `json:"id"`
	Name         *string `json:"name"`
	Sandbox      *bool   `json:"sandbox"`
	Active       *bool   `json:"active"`
	APIEnabled   *bool   `json:"api_enabled"`
	RequestLimit *int    `json:"request_limit"`
	Requests     *int    `json:"requests"`
}

func (o organizationOrder) apply(to *Organization) {
	sandbox.Set(&to.ID, o.ID)
	sandbox.Set(&to.Name, o.Name)
	sandbox.Set(&to.Sandbox, o.Sandbox)
	sandbox.Set(&to.Active, o.Active)
	sandbox.Set(&to.APIEnabled, o.APIEnabled)
	sandbox.Set(&to.RequestLimit, o.RequestLimit)
	sandbox.Set(&to.Requests, o.Requests)
}

// appOrder is an order to change the connected app.
type appOrder struct {
	Secret              *string   `json:"secret"`
	Certificate         *string   `json:"certificate"`
	CallbackURLs        *[]string `json:"callback_urls"`
	Scopes              *[]string `json:"scopes"`
	ClientCredentials   *bool     `json:"client_credentials"`
	RunAs               *string   `json:"run_as"`
	AdminApproved       *bool     `json:"admin_approved"`
	SecretForCode       *bool     `json:"secret_for_code"`
	SecretForRefresh    *bool     `json:"secret_for_refresh"`
	PKCE                *bool     `json:"pkce"`
	RotateRefreshTokens *bool     `json:"rotate_refresh_tokens"`
	Installed           *bool     `json:"installed"`
}

func (o appOrder) apply(a *App) {
	sandbox.Set(&a.Secret, o.Secret)
	sandbox.Set(&a.Certificate, o.Certificate)
	sandbox.Set(&a.CallbackURLs, o.CallbackURLs)
	sandbox.Set(&a.Scopes, o.Scopes)
	sandbox.Set(&a.ClientCredentials, o.ClientCredentials)
	sandbox.Set(&a.RunAs, o.RunAs)
	sandbox.Set(&a.AdminApproved, o.AdminApproved)
	sandbox.Set(&a.SecretForCode, o.SecretForCode)
	sandbox.Set(&a.SecretForRefresh, o.SecretForRefresh)
	sandbox.Set(&a.PKCE, o.PKCE)
	sandbox.Set(&a.RotateRefreshTokens, o.RotateRefreshTokens)
	sandbox.Set(&a.Installed, o.Installed)
}
