package exchange

import (
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "exchange" }

// Title returns the display name and the ways to sign in.
func (s *Server) Title() string { return "Microsoft Exchange, with Basic, NTLM and certificates" }

// Variables returns the variables of the service account.
func (s *Server) Variables() []sandbox.Variable {
	service := s.Service()
	certificate, key := s.Certificate()
	return []sandbox.Variable{
		{Name: "exchange_url", Value: s.URL()},
		{Name: "exchange_username", Value: service.Email},
		{Name: "exchange_password", Value: service.Password, Secret: true},
		{Name: "exchange_ca_certificate", Value: s.CA()},
		{Name: "exchange_owa_url", Value: s.OWA(), Alternative: true},
		{Name: "exchange_certificate", Value: certificate, Secret: true, Alternative: true},
		{Name: "exchange_private_key", Value: key, Secret: true, Alternative: true},
	}
}

// ChangeSecret changes the password of the service account.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	return s.directory.ChangePassword("exchange_password"), nil
}

// Examples are changes of a service account in Exchange.
func (s *Server) Examples() []sandbox.ControlExample {
	account := "/exchange/accounts/" + s.Service().Email
	return []sandbox.ControlExample{
		{
			What:   "the password of the service account is changed",
			Method: http.MethodPatch, Path: account, Body: `{"password":"another one"}`,
		},
		{
			What:   "the service account may no longer impersonate users (the impersonation test fails)",
			Method: http.MethodPatch, Path: account, Body: `{"impersonation":false}`,
		},
		{
			What:   "Exchange throttles the next two calls",
			Method: http.MethodPost, Path: "/exchange/throttle", Body: `{"times":2}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return s.Describe(map[string]any{"url": s.URL(), "schemes": *s.offered.Load(), "accounts": s.Accounts()})
}

// Routes adds the routes that only Exchange has: its accounts, throttling, the address of EWS, and revoked
// certificates.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("POST /exchange/ews", func(w http.ResponseWriter, r *http.Request) {
		request := struct {
			Path       string `json:"path"`
			Advertised string `json:"advertised"`
		}{Path: Path}
		if sandbox.ReadRequest(w, r, &request) {
			s.Move(request.Path, request.Advertised)
			sandbox.WriteResult(w, nil, s)
		}
	})
	mux.HandleFunc("POST /exchange/revoke-certificate", sandbox.HandleSimple(s, func(struct{}) { s.RevokeCertificate() }))
	mux.HandleFunc("PATCH /exchange/accounts/{name}", sandbox.PatchNamed(s, s.Update))
	mux.HandleFunc("POST /exchange/throttle", sandbox.HandleThrottle(s, 5*time.Second, ews.Busy))
}
