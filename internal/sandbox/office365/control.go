package office365

import (
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name returns the name of the target system.
func (s *Server) Name() string { return "office365" }

// Title returns the display name and the ways to sign in.
func (s *Server) Title() string {
	return "Microsoft 365: Graph and EWS, with Entra ID's client credentials (secret or certificate), refresh tokens and codes"
}

// Variables returns the variables of an app that signs in to Graph with its secret. Those for a certificate, a user and
// EWS are alternatives.
func (s *Server) Variables() []sandbox.Variable {
	app := s.Entra.App()
	variables := []sandbox.Variable{
		{Name: "office365_graph_url", Value: s.GraphURL()},
		{Name: "office365_ews_url", Value: s.EWSURL(), Alternative: true},
		{Name: "office365_authority_url", Value: s.AuthorityURL()},
		{Name: "office365_tenant_id", Value: app.TenantID},
		{Name: "office365_client_id", Value: app.ClientID},
		{Name: "office365_validation_email", Value: s.Service().UPN},
	}
	if len(app.Secrets) > 0 {
		variables = append(variables, sandbox.Variable{Name: "office365_client_secret", Value: app.Secrets[0].Value, Secret: true})
	}
	if pair, err := s.Entra.Pair(); err == nil && len(app.Certificates) > 0 && app.Certificates[0] == pair.Certificate {
		variables = append(variables,
			sandbox.Variable{Name: "office365_certificate", Value: pair.Certificate, Alternative: true},
			sandbox.Variable{Name: "office365_private_key", Value: pair.PrivateKey, Secret: true, Alternative: true})
	}
	return append(variables,
		sandbox.Variable{Name: "office365_refresh_token", Value: s.RefreshToken(), Secret: true, Alternative: true},
		sandbox.Variable{Name: "office365_ca_certificate", Value: s.CA()})
}

// Examples are changes of an app registration.
func (s *Server) Examples() []sandbox.ControlExample {
	return []sandbox.ControlExample{
		{What: "the client secret expires", Method: http.MethodPost, Path: "/office365/entra/expire-secrets"},
		{
			What:   "an administrator revokes all permissions",
			Method: http.MethodPatch, Path: "/office365/entra/app", Body: `{"consents":{}}`,
		},
		{
			What:   "an application access policy denies access to a mailbox (a test with user_email fails)",
			Method: http.MethodPatch, Path: "/office365/mailboxes/ada@example.com", Body: `{"blocked":true}`,
		},
		{
			What:   "Microsoft switches EWS off (a connection with api = ews fails)",
			Method: http.MethodPatch, Path: "/office365/tenant", Body: `{"ews_enabled":false}`,
		},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	mailboxes := map[string]any{}
	for _, u := range s.users() {
		mailboxes[u.UPN] = struct {
			Mailbox

			Email      string   `json:"email"`
			Aliases    []string `json:"aliases,omitempty"`
			Exists     bool     `json:"mailbox"`
			FullAccess bool     `json:"full_access"`
		}{u.mailbox, u.account.Email, u.account.Aliases, u.account.Mailbox, u.account.FullAccess}
	}
	return s.Describe(map[string]any{
		"graph_url": s.GraphURL(), "ews_url": s.EWSURL(), "authority_url": s.AuthorityURL(), "entra": s.Entra.State(),
		"mailboxes": mailboxes, "tenant": s.Tenant(),
	})
}

// Routes adds the routes that only Microsoft 365 has: those of Entra, mailboxes, the tenant, and throttling.
func (s *Server) Routes(mux *http.ServeMux) {
	s.Entra.Routes(mux, s)
	mux.HandleFunc("PATCH /office365/mailboxes/{user}", sandbox.HandleJSON(s, func(r *http.Request, update mailboxUpdate) error {
		return s.applyUpdate(r.PathValue("user"), update)
	}))
	mux.HandleFunc("PATCH /office365/tenant", sandbox.Patch(s, s.UpdateTenant))
	mux.HandleFunc("POST /office365/throttle", sandbox.HandleThrottle(s, 5*time.Second, Throttled))
}

// mailboxUpdate is a change of a mailbox. Fields that are missing stay unchanged.
type mailboxUpdate struct {
	Email      *string   `json:"email"`
	Aliases    *[]string `json:"aliases"`
	Mailbox    *bool     `json:"mailbox"`
	FullAccess *bool     `json:"full_access"`
	Calendar   *bool     `json:"calendar"`
	Contacts   *bool     `json:"contacts"`
	Mail       *bool     `json:"mail"`
	Shared     *bool     `json:"shared"`
	Blocked    *bool     `json:"blocked"`
}

// applyUpdate applies a change to the mailbox of a user, found by principal name.
func (s *Server) applyUpdate(name string, u mailboxUpdate) error {
	err := s.UpdateMailbox(name, func(m *Mailbox) {
		sandbox.Set(&m.Shared, u.Shared)
		sandbox.Set(&m.Blocked, u.Blocked)
	})
	if err != nil {
		return err
	}
	return s.Mailboxes.Update(name, func(a *ews.Account) {
		sandbox.Set(&a.Email, u.Email)
		sandbox.Set(&a.Aliases, u.Aliases)
		sandbox.Set(&a.Mailbox, u.Mailbox)
		sandbox.Set(&a.FullAccess, u.FullAccess)
		sandbox.Set(&a.Calendar, u.Calendar)
		sandbox.Set(&a.Contacts, u.Contacts)
		sandbox.Set(&a.Mail, u.Mail)
	})
}
