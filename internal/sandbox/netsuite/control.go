package netsuite

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "netsuite" }

// Title returns the display name and the form of authentication.
func (s *Server) Title() string {
	return "NetSuite, with token-based authentication: every request is signed"
}

// Variables returns the variables for the only grant.
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

// Examples are changes of an integration in NetSuite.
func (s *Server) Examples() []sandbox.ControlExample {
	return []sandbox.ControlExample{
		{
			What:   "an administrator revokes the token",
			Method: http.MethodPatch, Path: "/netsuite/token", Body: `{"revoked":true}`,
		},
		{
			What:   "the role may use web services only (the identity of the user is unknown)",
			Method: http.MethodPatch, Path: "/netsuite/role", Body: `{"web_services_only":true}`,
		},
		{
			What:   "the role loses its right to events (the calendar test fails)",
			Method: http.MethodPatch, Path: "/netsuite/role", Body: `{"calendar":false}`,
		},
		{
			What:   "rejected sign-ins return the reason",
			Method: http.MethodPatch, Path: "/netsuite/account", Body: `{"detailed":true}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{
		"account": s.Account(), "integration": s.Integration(), "token": s.Token(), "role": s.Role(),
	})
}

// Routes adds the routes that only NetSuite has: the account, the integration, the token, its role, employees, record
// types, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /netsuite/account", sandbox.Patch(s, s.UpdateAccount))
	mux.HandleFunc("PATCH /netsuite/integration", sandbox.Patch(s, s.UpdateIntegration))
	mux.HandleFunc("PATCH /netsuite/token", sandbox.PatchChecked(s, s.UpdateToken))
	mux.HandleFunc("PATCH /netsuite/role", sandbox.Patch(s, s.UpdateRole))
	mux.HandleFunc("PATCH /netsuite/employees/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("POST /netsuite/record-types", sandbox.HandleAdd(s, codeForm,
		"a record type requires a name of letters, digits and underscores, such as customrecord_riva", s.AddRecordType))
	mux.HandleFunc("POST /netsuite/throttle", sandbox.HandleThrottle(s, 0, TooMany))
}
