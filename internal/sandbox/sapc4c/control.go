package sapc4c

import (
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "sap_c4c" }

// Title returns the display name and the form of authentication.
func (s *Server) Title() string { return "SAP Cloud for Customer, with OData and Basic" }

// Variables returns the variables of the service user.
func (s *Server) Variables() []sandbox.Variable {
	service := s.Service()
	return []sandbox.Variable{
		{Name: "sap_c4c_url", Value: s.URL()},
		{Name: "sap_c4c_username", Value: service.UserID},
		{Name: "sap_c4c_password", Value: service.Password, Secret: true},
		{Name: "sap_c4c_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret changes the password of the service user.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	return s.ChangePassword("sap_c4c_password"), nil
}

// Examples are changes of a service user in SAP Cloud for Customer.
func (s *Server) Examples() []sandbox.ControlExample {
	user := "/sap_c4c/users/" + s.Service().UserID
	return []sandbox.ControlExample{
		{
			What:   "an administrator locks the service user",
			Method: http.MethodPatch, Path: user, Body: `{"locked":true}`,
		},
		{What: "the password of the service user expires", Method: http.MethodPatch, Path: user, Body: `{"password_expired":true}`},
		{
			What:   "the service user loses the work center for contacts (the contacts test fails)",
			Method: http.MethodPatch, Path: user, Body: `{"contacts":false}`,
		},
		{
			What:   "SAP throttles the next two calls",
			Method: http.MethodPost, Path: "/sap_c4c/throttle", Body: `{"wait_ms":5000,"times":2}`,
		},
	}
}

// fieldForm matches the names of custom fields.
var fieldForm = regexp.MustCompile(`^[A-Za-z]\w*$`)

// Routes adds the routes that only this system has: its users, custom fields, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /sap_c4c/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("POST /sap_c4c/fields", sandbox.HandleAdd(s, fieldForm,
		"a field requires a name of letters, digits and underscores, such as RivaID_KUT", s.AddField))
	mux.HandleFunc("POST /sap_c4c/throttle", sandbox.HandleThrottle(s, 0, Throttled))
}
