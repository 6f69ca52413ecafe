package netsuite

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "netsuite" }

// Title says what it is and how one signs in.
func (s *Server) Title() string {
	return "NetSuite, with token-based authentication: every request is signed"
}

// Variables are those of the one way to sign in.
func (s *Server) Variables() []sandbox.Variable {
	integration, token := s.Integration(), s.Token()
	return []sandbox.Variable{
		{Name: "netsuite_api_url", Value: s.URL()},
		{Name: "netsuite_account_id", Value: s.Account().ID},
		{Name: "netsuite_consumer_key", Value: integration.ConsumerKey},
		{Name: "netsuite_token_id", Value: token.ID},
		{Name: "netsuite_consumer_secret", Value: integration.Secret, Secret: true},
		{Name: "netsuite_token_secret", Value: token.Secret, Secret: true},
		{Name: "netsuite_ca_certificate", Value: s.CA()},
	}
}

// Orders are what befalls an integration in NetSuite.
func (s *Server) Orders() []sandbox.Order {
	return []sandbox.Order{
		{
			What:   "an administrator revokes the token",
			Method: http.MethodPatch, Path: "/netsuite/token", Body: `{"revoked":true}`,
		},
		{
			What:   "the role may use web services only, so nobody tells who signs in",
			Method: http.MethodPatch, Path: "/netsuite/role", Body: `{"web_services_only":true}`,
		},
		{
			What:   "the role loses its right to events (the test calendar shows it)",
			Method: http.MethodPatch, Path: "/netsuite/role", Body: `{"calendar":false}`,
		},
		{
			What:   "refused sign-ins say why",
			Method: http.MethodPatch, Path: "/netsuite/account", Body: `{"detailed":true}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return struct {
		URL         string             `json:"url"`
		Up          bool               `json:"up"`
		Account     Account            `json:"account"`
		Integration Integration        `json:"integration"`
		Token       Token              `json:"token"`
		Role        Role               `json:"role"`
		Employees   []Employee         `json:"employees"`
		Faults      []sandbox.Scripted `json:"faults"`
		SignIns     sandbox.SignIns    `json:"sign_ins"`
	}{
		s.URL(), s.IsUp(), s.Account(), s.Integration(), s.Token(), s.Role(), s.Employees(), s.Pending(), s.SignIns(),
	}
}

// Routes are what only NetSuite has: the account, the integration, the token, its role, employees, record types, and the
// way to throttle.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /netsuite/account", sandbox.Do(s, func(o accountOrder) { s.UpdateAccount(o.apply) }))
	mux.HandleFunc("PATCH /netsuite/integration", sandbox.Do(s, func(o integrationOrder) { s.UpdateIntegration(o.apply) }))
	mux.HandleFunc("PATCH /netsuite/token", sandbox.Carry(s, func(_ *http.Request, o tokenOrder) error {
		return s.UpdateToken(o.apply)
	}))
	mux.HandleFunc("PATCH /netsuite/role", sandbox.Do(s, func(o roleOrder) { s.UpdateRole(o.apply) }))
	mux.HandleFunc("PATCH /netsuite/employees/{name}", sandbox.Carry(s, func(r *http.Request, o employeeOrder) error {
		return s.Update(r.PathValue("name"), o.apply)
	}))
	mux.HandleFunc("POST /netsuite/record-types", sandbox.AddNamed(s, codeForm,
		"a record type needs a name of letters, digits and underscores, such as customrecord_riva", s.AddRecordType))
	mux.HandleFunc("POST /netsuite/throttle", sandbox.Throttle(s, 0, TooMany))
}

// Orders to change something leave what they do not name.
type (
	accountOrder struct {
		ID         *string `json:"id"`
		CompanyID  *string `json:"company_id"`
		Name       *string `json:"name"`
		TokenBased *bool   `json:"token_based"`
		REST       *bool   `json:"rest"`
		Detailed   *bool   `json:"detailed"`
	}
	integrationOrder struct {
		Secret  *string `json:"secret"`
		Enabled *bool   `json:"enabled"`
	}
	tokenOrder struct {
		Secret  *string `json:"secret"`
		User    *string `json:"user"`
		Revoked *bool   `json:"revoked"`
	}
	roleOrder struct {
		Name            *string `json:"name"`
		WebServicesOnly *bool   `json:"web_services_only"`
		AccessTokens    *bool   `json:"access_tokens"`
		REST            *bool   `json:"rest"`
		Contacts        *bool   `json:"contacts"`
		Calendar        *bool   `json:"calendar"`
		Mail            *bool   `json:"mail"`
		Employees       *bool   `json:"employees"`
	}
	employeeOrder struct {
		Email    *string `json:"email"`
		Inactive *bool   `json:"inactive"`
		Locked   *bool   `json:"locked"`
	}
)

func (o accountOrder) apply(a *Account) {
	sandbox.Set(&a.ID, o.ID)
	sandbox.Set(&a.CompanyID, o.CompanyID)
	sandbox.Set(&a.Name, o.Name)
	sandbox.Set(&a.TokenBased, o.TokenBased)
	sandbox.Set(&a.REST, o.REST)
	sandbox.Set(&a.Detailed, o.Detailed)
}

func (o integrationOrder) apply(i *Integration) {
	sandbox.Set(&i.Secret, o.Secret)
	sandbox.Set(&i.Enabled, o.Enabled)
}

func (o tokenOrder) apply(t *Token) {
	sandbox.Set(&t.Secret, o.Secret)
	sandbox.Set(&t.User, o.User)
	sandbox.Set(&t.Revoked, o.Revoked)
}

func (o roleOrder) apply(r *Role) {
	sandbox.Set(&r.Name, o.Name)
	sandbox.Set(&r.WebServicesOnly, o.WebServicesOnly)
	sandbox.Set(&r.AccessTokens, o.AccessTokens)
	sandbox.Set(&r.REST, o.REST)
	sandbox.Set(&r.Contacts, o.Contacts)
	sandbox.Set(&r.Calendar, o.Calendar)
	sandbox.Set(&r.Mail, o.Mail)
	sandbox.Set(&r.Employees, o.Employees)
}

func (o employeeOrder) apply(e *Employee) {
	sandbox.Set(&e.Email, o.Email)
	sandbox.Set(&e.Inactive, o.Inactive)
	sandbox.Set(&e.Locked, o.Locked)
}
