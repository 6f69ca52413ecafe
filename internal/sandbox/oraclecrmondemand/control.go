package oraclecrmondemand

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "oracle_crm_on_demand" }

// Title returns the display name and the form of authentication.
func (s *Server) Title() string {
	return "Oracle CRM On Demand, with web services and the login of sessions"
}

// Variables returns the variables of the service user.
func (s *Server) Variables() []sandbox.Variable {
	service := s.Service()
	return []sandbox.Variable{
		{Name: "oracle_crm_on_demand_url", Value: s.URL()},
		{Name: "oracle_crm_on_demand_username", Value: service.SignInID()},
		{Name: "oracle_crm_on_demand_password", Value: service.Password, Secret: true},
		{Name: "oracle_crm_on_demand_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret changes the password of the service user.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	return s.ChangePassword("oracle_crm_on_demand_password"), nil
}

// Examples are changes of a service user in Oracle CRM On Demand.
func (s *Server) Examples() []sandbox.ControlExample {
	user := "/oracle_crm_on_demand/users/" + s.Service().Name
	company := "/oracle_crm_on_demand/company"
	return []sandbox.ControlExample{
		{What: "the service user's password expires", Method: http.MethodPatch, Path: user, Body: `{"password_expired":true}`},
		{
			What:   "the role of the service user loses Enable Web Services Access",
			Method: http.MethodPatch, Path: user, Body: `{"web_services":false}`,
		},
		{What: "all sessions of the company are in use", Method: http.MethodPatch, Path: company, Body: `{"session_limit":0}`},
		{What: "the allotment of the day is used up", Method: http.MethodPatch, Path: company, Body: `{"exhausted":true}`},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{"company": sandbox.Read(s, &s.state.company), "sessions": s.Sessions()})
}

// Routes adds the routes that only this system has: its users, the company's limits, sessions, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /oracle_crm_on_demand/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("PATCH /oracle_crm_on_demand/company", sandbox.Patch(s, s.UpdateCompany))
	mux.HandleFunc("POST /oracle_crm_on_demand/expire", sandbox.HandleSimple(s, func(struct{}) { s.EndSessions() }))
	mux.HandleFunc("POST /oracle_crm_on_demand/throttle", sandbox.HandleThrottle(s, 0, Throttled))
}
