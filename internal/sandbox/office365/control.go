package office365

import (
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "office365" }

// Title says what it is and how one signs in.
func (s *Server) Title() string {
	return "Microsoft 365: Graph and EWS, with Entra ID's client credentials (secret or certificate) and refresh tokens"
}

// Variables are those of an app that signs in with its secret at Graph; the others are for a certificate, a user, and EWS.
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

// Examples are what befalls an app registration.
func (s *Server) Examples() []sandbox.ControlExample {
	return []sandbox.ControlExample{
		{What: "the client secret expires", Method: http.MethodPost, Path: "/office365/entra/expire-secrets"},
		{
			What:   "an administrator revokes all that was granted",
			Method: http.MethodPatch, Path: "/office365/entra/app", Body: `{"consents":{}}`,
		},
		{
			What:   "an application access policy keeps the app from a mailbox (a test with user_email shows it)",
			Method: http.MethodPatch, Path: "/office365/mailboxes/ada@example.com", Body: `{"blocked":true}`,
		},
		{
			What:   "Microsoft ends EWS (a connection with api = ews shows it)",
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
	return struct {
		GraphURL     string             `json:"graph_url"`
		EWSURL       string             `json:"ews_url"`
		AuthorityURL string             `json:"authority_url"`
		Up           bool               `json:"up"`
		Entra        any                `json:"entra"`
		Mailboxes    map[string]any     `json:"mailboxes"`
		Tenant       Tenant             `json:"tenant"`
		Faults       []sandbox.Scripted `json:"faults"`
		SignIns      sandbox.SignIns    `json:"sign_ins"`
	}{
		s.GraphURL(), s.EWSURL(), s.AuthorityURL(), s.IsUp(), s.Entra.State(), mailboxes, s.Tenant(), s.Pending(), s.SignIns(),
	}
}

// Routes are what only Microsoft 365 has: those of Entra, mailboxes, the tenant, and its way to throttle.
func (s *Server) Routes(mux *http.ServeMux) {
	s.Entra.Routes(mux, s)
	mux.HandleFunc("PATCH /office365/mailboxes/{user}", sandbox.HandleJSON(s, func(r *http.Request, o mailboxUpdate) error {
		return s.change(r.PathValue("user"), o)
	}))
	mux.HandleFunc("PATCH /office365/tenant", sandbox.Patch(s, tenantFields, s.UpdateTenant))
	mux.HandleFunc("POST /office365/throttle", sandbox.HandleThrottle(s, 5*time.Second, Throttled))
}

// tenantFields are what an order may change of how Exchange Online is set up.
func tenantFields(t *Tenant) sandbox.Fields {
	return sandbox.Fields{"ews_enabled": &t.EWSEnabled, "exchange_roles": &t.ExchangeRoles}
}

// mailboxUpdate is an order to change a mailbox: what it does not name stays.
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

// change carries an order out; the user is named by principal name.
func (s *Server) change(name string, o mailboxUpdate) error {
	err := s.UpdateMailbox(name, func(m *Mailbox) {
		sandbox.Set(&m.Shared, o.Shared)
		sandbox.Set(&m.Blocked, o.Blocked)
	})
	if err != nil {
		return err
	}
	return s.Mailboxes.Update(name, func(a *ews.Account) {
		sandbox.Set(&a.Email, o.Email)
		sandbox.Set(&a.Aliases, o.Aliases)
		sandbox.Set(&a.Mailbox, o.Mailbox)
		sandbox.Set(&a.FullAccess, o.FullAccess)
		sandbox.Set(&a.Calendar, o.Calendar)
		sandbox.Set(&a.Contacts, o.Contacts)
		sandbox.Set(&a.Mail, o.Mail)
	})
}
