package hclnotes

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "hcl_notes" }

// Title says what it is and how one signs in.
func (s *Server) Title() string {
	return "HCL Domino, with Domino Access Services and Basic or session authentication"
}

// Variables are those of a sign-in of the service account.
func (s *Server) Variables() []sandbox.Variable {
	account := s.Service()
	return []sandbox.Variable{
		{Name: "hcl_notes_url", Value: s.URL()},
		{Name: "hcl_notes_username", Value: account.Name},
		{Name: "hcl_notes_password", Value: account.Password, Secret: true},
		{Name: "hcl_notes_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret gives the service account a new Internet password.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	password := rand.Text()
	s.EndSessions()
	changed := []sandbox.Variable{{Name: "hcl_notes_password", Value: password, Secret: true}}
	return changed, s.SetPassword(s.Service().ShortName, password)
}

// Examples are what befalls an integration in Domino.
func (s *Server) Examples() []sandbox.ControlExample {
	account := s.Service()
	return []sandbox.ControlExample{
		{
			What: "the Internet lockout locks the service account out", Method: http.MethodPatch,
			Path: "/hcl_notes/people/" + account.ShortName, Body: `{"locked_out":true}`,
		},
		{
			What:   "Ada's mail file is closed to the service account (the test impersonation shows it)",
			Method: http.MethodPatch, Path: "/hcl_notes/people/ada",
			Body: fmt.Sprintf(`{"access":{%q:"No Access"}}`, account.Name),
		},
		{
			What:   "an administrator disables the Mail service (the test mail shows it)",
			Method: http.MethodPatch, Path: "/hcl_notes/setup",
			Body: `{"services":["Calendar"]}`,
		},
		{
			What:   "an administrator turns session authentication on (which sign-ins notice, and follow)",
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

// Routes are what only Domino has: its directory with mail files and access control lists, and how the server is set up.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /hcl_notes/people/{short_name}", sandbox.HandleJSON(s, func(r *http.Request, o personUpdate) error {
		if err := o.check(); err != nil {
			return err
		}
		return s.Update(r.PathValue("short_name"), o.apply)
	}))
	mux.HandleFunc("PATCH /hcl_notes/setup", sandbox.Patch(s, setupFields, s.UpdateSetup))
	mux.HandleFunc("POST /hcl_notes/restart", sandbox.HandleSimple(s, func(struct{}) { s.EndSessions() }))
}

// personUpdate is an order to change a person: what it does not name stays.
type personUpdate struct {
	Name      *string            `json:"name"`
	Email     *string            `json:"email"`
	Password  *string            `json:"password"`
	MailFile  *string            `json:"mail_file"`
	Elsewhere *bool              `json:"elsewhere"`
	LockedOut *bool              `json:"locked_out"`
	Access    *map[string]string `json:"access"`
}

func (o personUpdate) check() error {
	if o.Access == nil {
		return nil
	}
	for name, level := range *o.Access {
		if !slices.Contains(Levels(), level) {
			return fmt.Errorf("%q cannot have the level %q; there are %q", name, level, Levels())
		}
	}
	return nil
}

func (o personUpdate) apply(p *Person) {
	sandbox.Set(&p.Name, o.Name)
	sandbox.Set(&p.Email, o.Email)
	sandbox.Set(&p.Password, o.Password)
	sandbox.Set(&p.MailFile, o.MailFile)
	sandbox.Set(&p.Elsewhere, o.Elsewhere)
	sandbox.Set(&p.LockedOut, o.LockedOut)
	sandbox.Set(&p.Access, o.Access)
}

// setupFields are what an order may change of how the server is set up.
func setupFields(s *Setup) sandbox.Fields {
	return sandbox.Fields{
		"session": &s.Session, "single_sign_on": &s.SingleSignOn, "access_services": &s.AccessServices,
		"services": &s.Services, "directory": &s.Directory, "absolute_urls": &s.AbsoluteURLs,
	}
}
