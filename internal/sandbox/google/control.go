package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "google" }

// Title returns the display name and the ways to sign in.
func (s *Server) Title() string {
	return "Google Workspace, with domain-wide delegation, refresh token and authorization code"
}

// Variables returns the variables for a sign-in with the key file. Those of the refresh token are alternatives.
func (s *Server) Variables() []sandbox.Variable {
	client := s.Client()
	return []sandbox.Variable{
		{Name: "google_token_url", Value: s.TokenURL()},
		{Name: "google_api_url", Value: s.APIURL()},
		{Name: "google_admin_email", Value: s.Admin().Email},
		{Name: "google_service_account_key", Value: s.KeyFile(), Secret: true},
		{Name: "google_client_id", Value: client.ID, Alternative: true},
		{Name: "google_client_secret", Value: client.Secret, Secret: true, Alternative: true},
		{Name: "google_refresh_token", Value: s.RefreshToken(), Secret: true, Alternative: true},
		{Name: "google_ca_certificate", Value: s.CA()},
	}
}

// Examples are changes of an integration in Google Workspace.
func (s *Server) Examples() []sandbox.ControlExample {
	return []sandbox.ControlExample{
		{
			What:   "an administrator limits domain-wide delegation to mail (the calendar test fails)",
			Method: http.MethodPatch, Path: "/google/service-account", Body: `{"delegated":["` + scopeGmailReadonly + `"]}`,
		},
		{
			What:   "the key of the service account is disabled",
			Method: http.MethodPatch, Path: "/google/service-account", Body: `{"key_disabled":true}`,
		},
		{
			What:   "ada is suspended (a test with user_email fails)",
			Method: http.MethodPatch, Path: "/google/users/ada@example.com", Body: `{"suspended":true}`,
		},
		{
			What:   "all tokens are revoked (a connection with a refresh token fails)",
			Method: http.MethodPost, Path: "/google/revoke",
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{
		"api_url": s.APIURL(), "token_url": s.TokenURL(), "service_account": s.ServiceAccount(), "client": s.Client(),
	})
}

// Routes adds the routes that only Google has: users, the service account and its delegation, the OAuth client, tokens,
// and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /google/users/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("PATCH /google/service-account", sandbox.Patch(s, s.UpdateServiceAccount))
	mux.HandleFunc("PATCH /google/client", sandbox.Patch(s, s.UpdateClient))
	mux.HandleFunc("POST /google/rotate-key", sandbox.HandleJSON(s, func(*http.Request, struct{}) error {
		_, err := s.RotateKey()
		return err
	}))
	mux.HandleFunc("POST /google/revoke", sandbox.HandleUser(s, s.RevokeTokens))
	mux.HandleFunc("POST /google/expire", sandbox.HandleUser(s, s.ExpireTokens))
	mux.HandleFunc("POST /google/throttle", sandbox.HandleThrottle(s, 0, RateLimit))
}
