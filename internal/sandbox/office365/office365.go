// Package office365 is a stand-in for Microsoft 365. It serves Microsoft Graph (REST with JSON) for users, mailboxes
// and the organization, and Exchange Web Services of Exchange Online from [ews.Service], both with access tokens that
// are verified. Microsoft Entra ID, from package entra, is on a site of its own. It fails in the ways that these
// services do. It has no writing operations, no batch requests, no delta queries and none of what packages ews and
// entra leave out.
//
// Graph's paths, parameters, permissions and errors follow https://learn.microsoft.com/graph: api/overview, errors,
// query-parameters, permissions-reference and auth-limit-mailbox-access. EWS's responses to invalid access tokens follow
// https://learn.microsoft.com/exchange/client-developer/exchange-web-services/
// how-to-authenticate-an-ews-application-by-using-oauth. Texts that are missing there are those that public clients are
// known to handle.
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

// Options configures a stand-in. The zero value is a plain HTTP server on free ports with the state of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// TokenLength is the lifetime of an access token; 0 means an hour.
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
	// passwords are not used.
	Mailboxes *ews.Directory

	ews     *ews.Service
	seed    Seed
	now     func() time.Time
	started time.Time

	mu    sync.Mutex
	state state
	// refreshToken is the service user's refresh token at the start.
	refreshToken string
}

// state is the state that changes here, apart from that of Entra and Exchange.
type state struct {
	tenant    Tenant
	mailboxes map[string]Mailbox // by principal name in lower case
}

// Tenant contains the settings of Exchange Online for the whole tenant.
type Tenant struct {
	// EWSEnabled allows the app to use EWS: EWS is switched on, and the app is on the list of allowed apps.
	EWSEnabled bool `json:"ews_enabled"`
	// ExchangeRoles are permissions that Exchange grants to the app. The token does not contain them. Examples:
	// "Mail.Read", "EWS.AccessAsApp" (RBAC for Applications).
	ExchangeRoles []string `json:"exchange_roles"`
}

// Start starts a stand-in.
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
		Serve: s.serve, Operation: operationOf, Sites: []string{entra.Site}, Kinds: kinds, Restore: s.restore,
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// restore restores the state at the start.
func (s *Server) restore() {
	s.Entra.Reset()
	s.Mailboxes.Reset()
	token, _ := s.Approve(s.Service().UPN) // the service user exists, so it never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refreshToken = token
	s.state = state{tenant: s.seed.Tenant, mailboxes: map[string]Mailbox{}}
	for name, mailbox := range s.seed.Mailboxes {
		s.state.mailboxes[strings.ToLower(name)] = mailbox
	}
}

// resources are the APIs that tokens are issued for. The address of the stand-in is one of their names, for clients
// that derive the name from the address.
func (s *Server) resources() []entra.Resource {
	return []entra.Resource{
		{AppID: graphID, Name: "Microsoft Graph", URIs: s.graphNames(), AdminScopes: []string{"User.Read.All"}},
		{AppID: exchangeID, Name: "Office 365 Exchange Online", URIs: exchangeNames()},
	}
}

// GraphURL returns the address of Microsoft Graph.
func (s *Server) GraphURL() string { return s.URL() }

// EWSURL returns the address of Exchange Web Services.
func (s *Server) EWSURL() string { return s.URL() + ews.Path }

// AuthorityURL returns the address of Microsoft Entra ID.
func (s *Server) AuthorityURL() string { return s.URLOf(entra.Site) }

// Service returns the service user: it signs in if a user must sign in, and its mailbox is used for validation.
func (s *Server) Service() entra.User { return s.Entra.Users()[0] }

// Approve returns a refresh token of a user for the app, with all permissions that it is granted at Graph and at
// Exchange.
func (s *Server) Approve(name string) (refreshToken string, err error) {
	return s.Entra.Approve(name, graphNames[0]+"/.default")
}

// RefreshToken returns the service user's refresh token, which is made at the start and at each Reset. [Server.Approve]
// returns further ones.
func (s *Server) RefreshToken() string { return sandbox.Read(&s.mu, &s.refreshToken) }

// Tenant returns the settings of Exchange Online.
func (s *Server) Tenant() Tenant {
	t := sandbox.Read(&s.mu, &s.state.tenant)
	t.ExchangeRoles = slices.Clone(t.ExchangeRoles)
	return t
}

// UpdateTenant changes the settings of Exchange Online.
func (s *Server) UpdateTenant(change func(*Tenant)) { sandbox.Write(&s.mu, &s.state.tenant, change) }

// UpdateMailbox changes the settings of a user's mailbox.
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

// serve serves one call.
func (s *Server) serve(call *sandbox.Call) sandbox.Response {
	switch {
	case call.Site == entra.Site:
		return s.Entra.Serve(call)
	case strings.EqualFold(call.Request.URL.Path, ews.Path):
		return s.serveEWS(call)
	}
	if _, ok := graphPath(call.Request.URL); ok {
		return s.serveGraph(call)
	}
	return sandbox.HTML(http.StatusNotFound, "404 - File or directory not found.", "<h2>404 - File or directory not found.</h2>")
}

// operationOf returns the name of the operation of a request at any site.
func operationOf(r *http.Request, body []byte) string {
	if strings.EqualFold(r.URL.Path, ews.Path) {
		return ews.Operation(body)
	}
	if name := entra.Operation(r.URL.Path); name != "" {
		return name
	}
	return graphOperation(r.URL)
}
