package sapc4c

import (
	"crypto/rand"
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
	password := rand.Text()
	if err := s.SetPassword(s.Service().UserID, password); err != nil {
		return nil, err
	}
	return []sandbox.Variable{{Name: "sap_c4c_password", Value: password, Secret: true}}, nil
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

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return struct {
		URL     string             `json:"url"`
		Up      bool               `json:"up"`
		Users   []User             `json:"users"`
		Faults  []sandbox.Scripted `json:"faults"`
		SignIns sandbox.SignIns    `json:"sign_ins"`
	}{s.URL(), s.IsUp(), s.Users(), s.Pending(), s.SignIns()}
}

// fieldForm matches the names of custom fields.
var fieldForm = regexp.MustCompile(`^[A-Za-z]\w*$`)

// Routes adds the routes that only this system has: its users, custom fields, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /sap_c4c/users/{user_id}", sandbox.PatchNamed(s, "user_id", userFields, s.Update))
	mux.HandleFunc("POST /sap_c4c/fields", sandbox.HandleAdd(s, fieldForm,
		"a field requires a name of letters, digits and underscores, such as RivaID_KUT", s.AddField))
	mux.HandleFunc("POST /sap_c4c/throttle", sandbox.HandleThrottle(s, 0, Throttled))
}

// userFields are the fields of a user that a request may change.
func userFields(u *User) sandbox.Fields {
	return sandbox.Fields{
		"email": &u.Email, "password": &u.Password, "technical": &u.Technical, "locked": &u.Locked,
		"password_locked": &u.PasswordLocked, "password_expired": &u.PasswordExpired, "valid_until": &u.ValidUntil,
		"api": &u.API, "users": &u.Users, "contacts": &u.Contacts, "calendar": &u.Calendar, "mail": &u.Mail,
	}
}
