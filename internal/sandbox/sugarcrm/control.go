package sugarcrm

import (
	"crypto/rand"
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "sugarcrm" }

// Title says what it is and how one signs in.
func (s *Server) Title() string { return "SugarCRM, with its REST API and the password grant" }

// Variables are those of a sign-in of the service user.
func (s *Server) Variables() []sandbox.Variable {
	service := s.Service()
	return []sandbox.Variable{
		{Name: "sugarcrm_url", Value: s.URL()},
		{Name: "sugarcrm_username", Value: service.UserName},
		{Name: "sugarcrm_password", Value: service.Password, Secret: true},
		{Name: "sugarcrm_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret gives the service user a new password.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	service := s.Service()
	password := rand.Text()
	changed := []sandbox.Variable{{Name: "sugarcrm_password", Value: password, Secret: true}}
	if err := s.EndSessions(service.UserName); err != nil {
		return nil, err
	}
	return changed, s.SetPassword(service.UserName, password)
}

// Orders are what befalls an integration in Sugar.
func (s *Server) Orders() []sandbox.Order {
	user := "/sugarcrm/users/" + s.Service().UserName
	return []sandbox.Order{
		{
			What:   "the service user got the password wrong too often",
			Method: http.MethodPatch, Path: user, Body: `{"locked":true}`,
		},
		{
			What:   "the service user is no administrator any more (a test with user_email shows it)",
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
	return struct {
		URL      string             `json:"url"`
		Up       bool               `json:"up"`
		Instance Instance           `json:"instance"`
		Users    []User             `json:"users"`
		Sessions []Session          `json:"sessions"`
		Faults   []sandbox.Scripted `json:"faults"`
		SignIns  sandbox.SignIns    `json:"sign_ins"`
	}{s.URL(), s.IsUp(), s.Instance(), s.Users(), s.Sessions(), s.Pending(), s.SignIns()}
}

// moduleForm is what the names of modules look like.
var moduleForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

// Routes are what only Sugar has: its users, how it is set up, sessions, modules, and its way to throttle.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /sugarcrm/users/{user_name}", sandbox.Carry(s, func(r *http.Request, o userOrder) error {
		return s.Update(r.PathValue("user_name"), o.apply)
	}))
	mux.HandleFunc("PATCH /sugarcrm/instance", sandbox.Do(s, func(o instanceOrder) { s.UpdateInstance(o.apply) }))
	mux.HandleFunc("POST /sugarcrm/expire", sandbox.ForUser(s, s.EndSessions))
	mux.HandleFunc("POST /sugarcrm/modules", sandbox.AddNamed(s, moduleForm,
		"a module needs a name of letters, digits and underscores, such as RIVA_Sync", s.AddModule))
	mux.HandleFunc("POST /sugarcrm/throttle", sandbox.Throttle(s, 0, Throttled))
}

// userOrder is an order to change a user: what it does not name stays.
type userOrder struct {
	UserName        *string `json:"user_name"`
	Email           *string `json:"email"`
	Password        *string `json:"password"`
	Admin           *bool   `json:"admin"`
	Active          *bool   `json:"active"`
	Locked          *bool   `json:"locked"`
	PasswordExpired *bool   `json:"password_expired"`
	Contacts        *bool   `json:"contacts"`
	Calendar        *bool   `json:"calendar"`
	Mail            *bool   `json:"mail"`
}

func (o userOrder) apply(u *User) {
	sandbox.Set(&u.UserName, o.UserName)
	sandbox.Set(&u.Email, o.Email)
	sandbox.Set(&u.Password, o.Password)
	sandbox.Set(&u.Admin, o.Admin)
	sandbox.Set(&u.Active, o.Active)
	sandbox.Set(&u.Locked, o.Locked)
	sandbox.Set(&u.PasswordExpired, o.PasswordExpired)
	sandbox.Set(&u.Contacts, o.Contacts)
	sandbox.Set(&u.Calendar, o.Calendar)
	sandbox.Set(&u.Mail, o.Mail)
}

// instanceOrder is an order to change how the instance is set up.
type instanceOrder struct {
	Version        *string   `json:"version"`
	Flavor         *string   `json:"flavor"`
	Platforms      *[]string `json:"platforms"`
	Maintenance    *bool     `json:"maintenance"`
	LicenseExpired *bool     `json:"license_expired"`
}

func (o instanceOrder) apply(i *Instance) {
	sandbox.Set(&i.Version, o.Version)
	sandbox.Set(&i.Flavor, o.Flavor)
	sandbox.Set(&i.Platforms, o.Platforms)
	sandbox.Set(&i.Maintenance, o.Maintenance)
	sandbox.Set(&i.LicenseExpired, o.LicenseExpired)
}
