package hclnotes

import (
	"fmt"
	"net/http"

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
	s.EndSessions()
	return s.ChangePassword("hcl_notes_password"), nil
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
	return s.Describe(map[string]any{"setup": s.Setup(), "sessions": s.Sessions()})
}

// Routes adds the routes that only Domino has: its directory with mail files and access control lists, and the settings
// of the server.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /hcl_notes/people/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("PATCH /hcl_notes/setup", sandbox.Patch(s, s.UpdateSetup))
	mux.HandleFunc("POST /hcl_notes/restart", sandbox.HandleSimple(s, func(struct{}) { s.EndSessions() }))
}
