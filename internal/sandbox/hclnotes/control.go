package hclnotes

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "hcl_notes" }

// Title returns the display name and the ways to sign in.
func (s *Server) Title() string {
	return "HCL Domino, with Domino Access Services and Basic or session authentication"
}

// Variables returns the variables for a sign-in of the service account.
func (s *Server) Variables() []sandbox.Variable {
	account := s.Service()
	return []sandbox.Variable{
		{Name: "hcl_notes_url", Value: s.URL()},
		{Name: "hcl_notes_username", Value: account.Name},
		{Name: "hcl_notes_password", Value: account.Password, Secret: true},
		{Name: "hcl_notes_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret changes the Internet password of the service account and ends its sessions.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	password := rand.Text()
	s.EndSessions()
	changed := []sandbox.Variable{{Name: "hcl_notes_password", Value: password, Secret: true}}
	return changed, s.SetPassword(s.Service().ShortName, password)
}

// Examples are changes of an integration in Domino.
func (s *Server) Examples() []sandbox.ControlExample {
	account := s.Service()
	return []sandbox.ControlExample{
		{
			What: "the service account is locked out", Method: http.MethodPatch,
			Path: "/hcl_notes/people/" + account.ShortName, Body: `{"locked_out":true}`,
		},
		{
			What:   "the service account loses access to ada's mail file (the impersonation test fails)",
			Method: http.MethodPatch, Path: "/hcl_notes/people/ada",
			Body: fmt.Sprintf(`{"access":{%q:"No Access"}}`, account.Name),
		},
		{
			What:   "an administrator disables the Mail service (the mail test fails)",
			Method: http.MethodPatch, Path: "/hcl_notes/setup",
			Body: `{"services":["Calendar"]}`,
		},
		{
			What:   "an administrator enables session authentication (sign-ins detect and use it)",
			Method: http.MethodPatch, Path: "/hcl_notes/setup",
			Body: `{"session":true}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return struct {
		URL      string             `json:"url"`
		Up       bool               `json:"up"`
		Setup    Setup              `json:"setup"`
		People   []Person           `json:"people"`
		Sessions int                `json:"sessions"`
		Faults   []sandbox.Scripted `json:"faults"`
		SignIns  sandbox.SignIns    `json:"sign_ins"`
	}{s.URL(), s.IsUp(), s.Setup(), s.People(), s.Sessions(), s.Pending(), s.SignIns()}
}

// Routes adds the routes that only Domino has: its directory with mail files and access control lists, and the settings
// of the server.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /hcl_notes/people/{short_name}", sandbox.HandleJSON(s, func(r *http.Request, update personUpdate) error {
		if err := update.check(); err != nil {
			return err
		}
		return s.Update(r.PathValue("short_name"), update.apply)
	}))
	mux.HandleFunc("PATCH /hcl_notes/setup", sandbox.Patch(s, setupFields, s.UpdateSetup))
	mux.HandleFunc("POST /hcl_notes/restart", sandbox.HandleSimple(s, func(struct{}) { s.EndSessions() }))
}

// personUpdate is a change of a person. Fields that are missing stay unchanged.
type personUpdate struct {
	Name      *string            `json:"name"`
	Email     *string            `json:"email"`
	Password  *string            `json:"password"`
	MailFile  *string            `json:"mail_file"`
	Elsewhere *bool              `json:"elsewhere"`
	LockedOut *bool              `json:"locked_out"`
	Access    *map[string]string `json:"access"`
}

func (u personUpdate) check() error {
	if u.Access == nil {
		return nil
	}
	for name, level := range *u.Access {
		if !slices.Contains(Levels(), level) {
			return fmt.Errorf("%q cannot have the level %q; there are %q", name, level, Levels())
		}
	}
	return nil
}

func (u personUpdate) apply(p *Person) {
	sandbox.Set(&p.Name, u.Name)
	sandbox.Set(&p.Email, u.Email)
	sandbox.Set(&p.Password, u.Password)
	sandbox.Set(&p.MailFile, u.MailFile)
	sandbox.Set(&p.Elsewhere, u.Elsewhere)
	sandbox.Set(&p.LockedOut, u.LockedOut)
	sandbox.Set(&p.Access, u.Access)
}

// setupFields are the settings of the server that a request may change.
func setupFields(s *Setup) sandbox.Fields {
	return sandbox.Fields{
		"session": &s.Session, "single_sign_on": &s.SingleSignOn, "access_services": &s.AccessServices,
		"services": &s.Services, "directory": &s.Directory, "absolute_urls": &s.AbsoluteURLs,
	}
}
