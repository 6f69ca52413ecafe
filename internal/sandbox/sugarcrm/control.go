package sugarcrm

import (
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "sugarcrm" }

// Title returns the display name and the form of authentication.
func (s *Server) Title() string { return "SugarCRM, with its REST API and the password grant" }

// Variables returns the variables for a sign-in of the service user.
func (s *Server) Variables() []sandbox.Variable {
	service := s.Service()
	return []sandbox.Variable{
		{Name: "sugarcrm_url", Value: s.URL()},
		{Name: "sugarcrm_username", Value: service.UserName},
		{Name: "sugarcrm_password", Value: service.Password, Secret: true},
		{Name: "sugarcrm_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret changes the password of the service user and ends its sessions.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	return s.ChangePassword("sugarcrm_password"), s.EndSessions(s.Service().UserName)
}

// Examples are changes of an integration in Sugar.
func (s *Server) Examples() []sandbox.ControlExample {
	user := "/sugarcrm/users/" + s.Service().UserName
	return []sandbox.ControlExample{
		{
			What:   "the service user is locked after too many wrong passwords",
			Method: http.MethodPatch, Path: user, Body: `{"locked":true}`,
		},
		{
			What:   "the service user is no longer an administrator (a test with user_email fails)",
			Method: http.MethodPatch, Path: user, Body: `{"admin":false}`,
		},
		{
			What:   "an administrator removes the API platform riva",
			Method: http.MethodPatch, Path: "/sugarcrm/instance",
			Body: `{"platforms":["base","mobile","portal"]}`,
		},
		{
			What:   "the license expires",
			Method: http.MethodPatch, Path: "/sugarcrm/instance", Body: `{"license_expired":true}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{"url": s.URL(), "instance": s.Instance(), "sessions": s.Sessions()})
}

// moduleForm matches the names of modules.
var moduleForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Routes adds the routes that only Sugar has: its users, its settings, sessions, modules, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /sugarcrm/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("PATCH /sugarcrm/instance", sandbox.Patch(s, s.UpdateInstance))
	mux.HandleFunc("POST /sugarcrm/expire", sandbox.HandleUser(s, s.EndSessions))
	mux.HandleFunc("POST /sugarcrm/modules", sandbox.HandleAdd(s, moduleForm,
		"a module requires a name of letters, digits and underscores, such as RIVA_Sync", s.AddModule))
	mux.HandleFunc("POST /sugarcrm/throttle", sandbox.HandleThrottle(s, 0, Throttled))
}
