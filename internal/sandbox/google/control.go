package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "google" }

// Title says what it is and how one signs in.
func (s *Server) Title() string {
	return "Google Workspace, with domain-wide delegation and refresh token"
}

// Variables are those of a sign-in with the key file; the refresh token's are alternatives.
func (s *Server) Variables() []sandbox.Variable {
	client := s.Client()
	return []sandbox.Variable{
		{Name: "google_token_url", Value: s.TokenURL()},
		{Name: "google_api_url", Value: s.APIURL()},
		{Name: "google_admin_email", Value: s.Admin().Email},
		{Name: "google_service_account_key", Value: s.KeyFile(), Secret: true},
		{Name: "google_client_id", Value: client.ID, Alternative: true},
		{Name: "google_client_secret", Value: client.Secret, Secret: true, Alternative: true},
		{Name: "google_refresh_token", Value: s.RefreshToken(), Secret: true, Alternative: true},
		{Name: "google_ca_certificate", Value: s.CA()},
	}
}

// Orders are what befalls an integration in Google Workspace.
func (s *Server) Orders() []sandbox.Order {
	return []sandbox.Order{
		{
			What:   "an administrator leaves domain-wide delegation the scope of mail only (the test calendar shows it)",
			Method: http.MethodPatch, Path: "/google/service-account", Body: `{"delegated":["` + scopeGmailReadonly + `"]}`,
		},
		{
			What:   "the key of the service account is disabled",
			Method: http.MethodPatch, Path: "/google/service-account", Body: `{"key_disabled":true}`,
		},
		{
			What:   "ada is suspended (a test with user_email shows it)",
			Method: http.MethodPatch, Path: "/google/users/ada@example.com", Body: `{"suspended":true}`,
		},
		{
			What:   "all tokens are revoked (a connection with a refresh token shows it)",
			Method: http.MethodPost, Path: "/google/revoke",
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return struct {
		APIURL         string             `json:"api_url"`
		TokenURL       string             `json:"token_url"`
		Up             bool               `json:"up"`
		Users          []User             `json:"users"`
		ServiceAccount ServiceAccount     `json:"service_account"`
		Client         Client             `json:"client"`
		Faults         []sandbox.Scripted `json:"faults"`
		SignIns        sandbox.SignIns    `json:"sign_ins"`
	}{s.APIURL(), s.TokenURL(), s.IsUp(), s.Users(), s.ServiceAccount(), s.Client(), s.Pending(), s.SignIns()}
}

// Routes are what only Google has: users, the service account and what is delegated to it, the OAuth client, tokens, and
// its way to throttle.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /google/users/{key}", sandbox.Carry(s, func(r *http.Request, o userOrder) error {
		return s.Update(r.PathValue("key"), o.apply)
	}))
	mux.HandleFunc("PATCH /google/service-account", sandbox.Do(s, func(o accountOrder) { s.UpdateServiceAccount(o.apply) }))
	mux.HandleFunc("PATCH /google/client", sandbox.Do(s, func(o clientOrder) { s.UpdateClient(o.apply) }))
	mux.HandleFunc("POST /google/rotate-key", sandbox.Carry(s, func(*http.Request, struct{}) error {
		_, err := s.RotateKey()
		return err
	}))
	mux.HandleFunc("POST /google/revoke", sandbox.ForUser(s, s.RevokeTokens))
	mux.HandleFunc("POST /google/expire", sandbox.ForUser(s, s.ExpireTokens))
	mux.HandleFunc("POST /google/throttle", sandbox.Throttle(s, 0, RateLimit))
}

// userOrder is an order to change a user: what it does not name stays.
type userOrder struct {
	Email     *string   `json:"email"`
	Aliases   *[]string `json:"aliases"`
	Admin     *bool     `json:"admin"`
	Suspended *bool     `json:"suspended"`
	Archived  *bool     `json:"archived"`
	Deleted   *bool     `json:"deleted"`
	Mail      *bool     `json:"mail"`
	Calendar  *bool     `json:"calendar"`
}

func (o userOrder) apply(u *User) {
	sandbox.Set(&u.Email, o.Email)
	sandbox.Set(&u.Aliases, o.Aliases)
	sandbox.Set(&u.Admin, o.Admin)
	sandbox.Set(&u.Suspended, o.Suspended)
	sandbox.Set(&u.Archived, o.Archived)
	sandbox.Set(&u.Deleted, o.Deleted)
	sandbox.Set(&u.Mail, o.Mail)
	sandbox.Set(&u.Calendar, o.Calendar)
}

// accountOrder is an order to change the service account.
type accountOrder struct {
	Disabled     *bool     `json:"disabled"`
	KeyDisabled  *bool     `json:"key_disabled"`
	Delegated    *[]string `json:"delegated"`
	DisabledAPIs *[]string `json:"disabled_apis"`
}

func (o accountOrder) apply(a *ServiceAccount) {
	sandbox.Set(&a.Disabled, o.Disabled)
	sandbox.Set(&a.KeyDisabled, o.KeyDisabled)
	sandbox.Set(&a.Delegated, o.Delegated)
	sandbox.Set(&a.DisabledAPIs, o.DisabledAPIs)
}

// clientOrder is an order to change the OAuth client.
type clientOrder struct {
	Secret   *string `json:"secret"`
	Disabled *bool   `json:"disabled"`
	Deleted  *bool   `json:"deleted"`
}

func (o clientOrder) apply(c *Client) {
	sandbox.Set(&c.Secret, o.Secret)
	sandbox.Set(&c.Disabled, o.Disabled)
	sandbox.Set(&c.Deleted, o.Deleted)
}
