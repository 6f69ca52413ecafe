package suitecrm

import (
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "suitecrm" }

// Title returns the display name and the form of authentication.
func (s *Server) Title() string { return "SuiteCRM, with its V8 API and the password grant" }

// Variables returns the variables for a sign-in of the service user through the OAuth2 client.
func (s *Server) Variables() []sandbox.Variable {
	service, client := s.Service(), s.Client()
	return []sandbox.Variable{
		{Name: "suitecrm_url", Value: s.URL()},
		{Name: "suitecrm_client_id", Value: client.ID},
		{Name: "suitecrm_username", Value: service.UserName},
		{Name: "suitecrm_client_secret", Value: client.Secret, Secret: true},
		{Name: "suitecrm_password", Value: service.Password, Secret: true},
		{Name: "suitecrm_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret changes the password of the service user and revokes its tokens.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	return s.ChangePassword("suitecrm_password"), s.RevokeTokens(s.Service().UserName)
}

// Examples are changes of an integration in SuiteCRM.
func (s *Server) Examples() []sandbox.ControlExample {
	user := "/suitecrm/users/" + s.Service().UserName
	return []sandbox.ControlExample{
		{
			What:   "an administrator changes the password of the service user, and revokes its tokens",
			Method: http.MethodPost,
			Path:   "/suitecrm/change-password",
		},
		{
			What:   "the service user loses the right to view users (a test with user_email fails)",
			Method: http.MethodPatch, Path: user, Body: `{"users":false}`,
		},
		{
			What: "the OAuth2 client is set to client credentials", Method: http.MethodPatch, Path: "/suitecrm/client",
			Body: `{"grant":"client_credentials"}`,
		},
		{What: "the service user is deactivated", Method: http.MethodPatch, Path: user, Body: `{"active":false}`},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{"instance": s.Instance(), "client": s.Client()})
}

// moduleForm matches the names of modules.
var moduleForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Routes adds the routes that only SuiteCRM has: its users, the OAuth2 client, tokens, its settings, modules, and
// throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /suitecrm/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("PATCH /suitecrm/client", sandbox.Patch(s, s.UpdateClient))
	mux.HandleFunc("PATCH /suitecrm/instance", sandbox.Patch(s, s.UpdateInstance))
	mux.HandleFunc("POST /suitecrm/change-password", sandbox.HandleJSON(s, func(*http.Request, struct{}) error {
		_, err := s.ChangeSecret()
		return err
	}))
	mux.HandleFunc("POST /suitecrm/revoke", sandbox.HandleUser(s, s.RevokeTokens))
	mux.HandleFunc("POST /suitecrm/modules", sandbox.HandleAdd(s, moduleForm,
		"a module requires a name of letters, digits and underscores, such as RIVA_Sync", s.AddModule))
	mux.HandleFunc("POST /suitecrm/throttle", sandbox.HandleThrottle(s, 0, Throttled))
}
