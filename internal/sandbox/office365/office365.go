// Package office365 is a stand-in for Microsoft 365 as an integration sees it: Microsoft Entra ID on a site of its own,
// Microsoft Graph's users, mailboxes and organisation, and Exchange Web Services of Exchange Online beside them, both with
// the access tokens of that Entra ID really verified — and the ways they fail.
//
// Graph's paths, parameters, permissions and errors follow https://learn.microsoft.com/graph: api/overview, errors,
// query-parameters, permissions-reference and auth-limit-mailbox-access; what is said of access tokens that EWS does not
// take follows https://learn.microsoft.com/exchange/client-developer/exchange-web-services/
// how-to-authenticate-an-ews-application-by-using-oauth. Words that these pages leave open are those that public clients
// are known to meet.
package office365

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// Options configures a stand-in; the zero value is a plain HTTP server on free ports with what is in [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is what there is at the start; nil means [NewSeed].
	Seed *Seed
	// TokenLength is how long an access token is good; 0 means an hour.
	TokenLength time.Duration
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use. The first site has Graph and EWS.
type Server struct {
	*sandbox.Host

	// Entra is the tenant's directory: users, the app registration, tokens.
	Entra *entra.Directory
	// Mailboxes are Exchange's accounts, one for each user with a mailbox, found by principal name or address. Their
	// passwords mean nothing: nobody signs in with one.
	Mailboxes *ews.Directory

	ews     *ews.Service
	seed    Seed
	now     func() time.Time
	started time.Time

	mu    sync.Mutex
	state state
	// refreshToken is the service user's from the start.
	refreshToken string
}

// state is what changes here, beside Entra's and Exchange's own.
type state struct {
	tenant    Tenant
	mailboxes map[string]Mailbox // by principal name in lower case
}

// Tenant is how Exchange Online is set up for the whole tenant.
type Tenant struct {
	// EWSEnabled is whether the app may use EWS: switched on, and the app on the list of those that may.
	EWSEnabled bool `json:"ews_enabled"`
	// ExchangeRoles are permissions that Exchange gives the app, without its token showing them, such as "Mail.Read" or
	// "EWS.AccessAsApp" (RBAC for Applications).
	ExchangeRoles []string `json:"exchange_roles"`
}

// Start makes a stand-in and brings it up. Close ends it.
func Start(options Options) (*Server, error) {
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	s := &Server{seed: seed, now: sandbox.Clock(options.Now)}
	s.started = s.now()
	s.seed.Entra.Resources = s.resources
	if s.Entra, err = entra.New(entra.Options{
		Seed: s.seed.Entra, URL: s.AuthorityURL, TokenLength: options.TokenLength, Now: s.now,
	}); err != nil {
		return nil, err
	}
	if s.Mailboxes, err = ews.NewDirectory(s.seed.Accounts, 0, s.now); err != nil {
		return nil, err
	}
	s.ews = ews.New(s.Mailboxes, s.started)
	s.Host, err = sandbox.Start(options.Options, sandbox.System{
		Serve: s.answer, Operation: operationOf, Sites: []string{entra.Site}, Check: check, Restore: s.restore,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// restore makes everything as it is at the start.
func (s *Server) restore() {
	s.Entra.Reset()
	s.Mailboxes.Reset()
	token, _ := s.Approve(s.Service().UPN) // who signs in is there, so it never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refreshToken = token
	s.state = state{tenant: s.seed.Tenant, mailboxes: map[string]Mailbox{}}
	for name, mailbox := range s.seed.Mailboxes {
		s.state.mailboxes[strings.ToLower(name)] = mailbox
	}
}

// resources are the APIs that tokens are for. They also go by the address of the stand-in, for clients that make the name
// of one address.
func (s *Server) resources() []entra.Resource {
	return []entra.Resource{
		{AppID: graphID, Name: "Microsoft Graph", URIs: s.graphNames()},
		{AppID: exchangeID, Name: "Office 365 Exchange Online", URIs: exchangeNames()},
	}
}

// GraphURL is the address of Microsoft Graph.
func (s *Server) GraphURL() string { return s.URL() }

// EWSURL is the address of Exchange Web Services.
func (s *Server) EWSURL() string { return s.URL() + ews.Path }

// AuthorityURL is the address of Microsoft Entra ID.
func (s *Server) AuthorityURL() string { return s.URLOf(entra.Site) }

// Service is the user who signs in where a user does, and whose mailbox stands for all.
func (s *Server) Service() entra.User { return s.Entra.Users()[0] }

// Approve lets the app in as a user, for all that it is granted at Graph and at Exchange, and returns the refresh token.
func (s *Server) Approve(name string) (refreshToken string, err error) {
	return s.Entra.Approve(name, graphNames[0]+"/.default")
}

// RefreshToken is one of the service user's, made at the start and at each Reset; [Server.Approve] gives more.
func (s *Server) RefreshToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.refreshToken
}

// Tenant is how Exchange Online is set up.
func (s *Server) Tenant() Tenant {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.state.tenant
	t.ExchangeRoles = slices.Clone(t.ExchangeRoles)
	return t
}

// UpdateTenant changes how Exchange Online is set up.
func (s *Server) UpdateTenant(change func(*Tenant)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.state.tenant)
}

// UpdateMailbox changes what is known of a user's mailbox.
func (s *Server) UpdateMailbox(name string, change func(*Mailbox)) error {
	if _, err := s.Entra.User(name); err != nil {
		return fmt.Errorf("change the mailbox: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	mailbox := s.state.mailboxes[strings.ToLower(name)]
	change(&mailbox)
	s.state.mailboxes[strings.ToLower(name)] = mailbox
	return nil
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	switch {
	case call.Site == entra.Site:
		return s.Entra.Serve(call)
	case strings.EqualFold(call.Request.URL.Path, ews.Path):
		return s.webServices(call)
	}
	if _, ok := graphPath(call.Request.URL); ok {
		return s.graph(call)
	}
	return sandbox.HTML(http.StatusNotFound, "404 - File or directory not found.", "<h2>404 - File or directory not found.</h2>")
}

// operationOf is the name of the operation of a request at any site.
func operationOf(r *http.Request, body []byte) string {
	if strings.EqualFold(r.URL.Path, ews.Path) {
		return ews.Operation(body)
	}
	if name := entra.Operation(r.URL.Path); name != "" {
		return name
	}
	return graphOperation(r.URL)
}
