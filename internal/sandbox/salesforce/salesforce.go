// Package salesforce is a stand-in for Salesforce. It serves OAuth 2.0 with the grants JWT bearer, client credentials,
// refresh token and authorization code with PKCE, all verified, the pages for a person who signs in and approves the app,
// ID tokens, the identity services, and the parts of the REST API (versions, resources, describe, SOQL queries) that show
// who signed in, what the user may do and which objects exist. It fails in the ways that Salesforce does. It lacks the SOAP
// API, the password grant, second factors, writing operations and most of SOQL.
//
// It has two sites, as Salesforce has: the login host and the organization's My Domain, which has the API. Formats and
// texts follow the pages of Salesforce's help on OAuth flows and their errors and its REST API developer guide. Details
// that are missing there follow what public clients are known to read.
package salesforce

import (
	"cmp"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// MyDomain is the name of the second site. The first is the login host.
const MyDomain = "my_domain"

// Options configures a stand-in. The zero value is a plain HTTP server on free ports with the organizations, users and
// app of [NewSeed].
type Options struct {
	sandbox.Options
	// Seed is the state at the start; nil means [NewSeed].
	Seed *Seed
	// Audiences are the accepted audiences of an assertion; empty means Salesforce's login host for production. The
	// stand-in's own addresses are always accepted.
	Audiences []string
	// InstanceURL is the instance URL in token responses; empty means the My Domain site.
	InstanceURL string
	// SessionLength is how long an access token is valid without being used; 0 means two hours.
	SessionLength time.Duration
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Server is a running stand-in. Its methods are safe for concurrent use.
type Server struct {
	sandbox.Twin[User]
	audiences     []string
	sessionLength time.Duration
	refreshToken  string // of the service user, at the start
	pages         *oauthpages.Pages
	state         state
}

// Start starts a stand-in.
func Start(options Options) (*Server, error) {
	seed, err := sandbox.SeedOr(options.Seed, NewSeed)
	if err != nil {
		return nil, err
	}
	if err := seed.check(); err != nil {
		return nil, err
	}
	s := &Server{
		audiences: options.Audiences, sessionLength: cmp.Or(options.SessionLength, 2*time.Hour), refreshToken: seed.RefreshToken,
	}
	if len(s.audiences) == 0 {
		s.audiences = []string{"https://login.salesforce.com"}
	}
	s.pages = oauthpages.New(authorizeVendor{s}, options.Now)
	s.state.organizations = seed.Organizations
	twin := sandbox.TwinOptions[Seed]{Options: options.Options, Now: options.Now}
	err = sandbox.StartTwin(&s.Twin, twin, sandbox.Accounts[User]{
		Seed: seed.Users, Missing: ErrNoUser, Password: func(u *User) *string { return &u.Password }, Check: s.state.checkUser,
		Is: func(u User, name string) bool { return strings.EqualFold(u.Username, name) },
	}, sandbox.System{
		Serve: s.serve, Kinds: kinds, Sites: []string{MyDomain}, Operation: sandbox.ByPath(operations.At),
		Restore: func() {
			s.state = newState(seed, options.InstanceURL, s.Now())
			s.pages.Reset()
		},
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// LoginURL returns the address of the login host.
func (s *Server) LoginURL() string { return s.URL() }

// MyDomainURL returns the address of the organization's own host: the only one with client credentials and with the
// API.
func (s *Server) MyDomainURL() string { return s.URLOf(MyDomain) }

// InstanceURL returns the instance URL in token responses: the My Domain address unless it was changed.
func (s *Server) InstanceURL() string {
	s.Lock()
	defer s.Unlock()
	return s.instance()
}

// instance requires the lock.
func (s *Server) instance() string {
	if s.state.instanceURL != "" {
		return s.state.instanceURL
	}
	return s.MyDomainURL()
}

// SetInstanceURL changes the instance URL in token responses; empty means the My Domain address.
func (s *Server) SetInstanceURL(url string) {
	sandbox.Write(s, &s.state.instanceURL, func(old *string) { *old = url })
}

// App returns the connected app, with its secrets.
func (s *Server) App() App { return sandbox.Read(s, &s.state.app).clone() }

// UpdateApp changes the connected app.
func (s *Server) UpdateApp(change func(*App)) error {
	return sandbox.WriteChecked(s, &s.state.app, change, App.check)
}

// SetSecret changes the consumer secret.
func (s *Server) SetSecret(secret string) error {
	return s.UpdateApp(func(a *App) { a.Secret = secret })
}

// RotateKey registers a new certificate with the app, so that assertions signed with the previous key are rejected, and
// returns the new private key.
func (s *Server) RotateKey() (privateKey string, err error) {
	pair, err := sandbox.NewKeyPair(time.Now().AddDate(1, 0, 0))
	if err != nil {
		return "", err
	}
	return pair.PrivateKey, s.UpdateApp(func(a *App) { a.PrivateKey, a.Certificate = pair.PrivateKey, pair.Certificate })
}

// RefreshToken returns the service user's refresh token at the start. Revocation and rotation make it invalid.
// [Server.Approve] returns further ones.
func (s *Server) RefreshToken() string { return s.refreshToken }

// Organization returns the first organization: the one of the service user.
func (s *Server) Organization() Organization {
	s.Lock()
	defer s.Unlock()
	return s.state.organizations[0]
}

// UpdateOrganization changes an organization, found by its id. If the id changes, its users and sessions stay with it.
func (s *Server) UpdateOrganization(id string, change func(*Organization)) error {
	s.Lock()
	defer s.Unlock()
	return sandbox.Change(s.state.organization(id), ErrNoOrganization, id, func(organization *Organization) {
		old := organization.ID
		change(organization)
		for i, user := range s.All() {
			if sameID(user.OrganizationID, old) {
				s.All()[i].OrganizationID = organization.ID
			}
		}
	})
}

// AddObject adds a custom object, which changes the metadata.
func (s *Server) AddObject(name, label string) {
	s.Lock()
	defer s.Unlock()
	s.state.addObject(customObject(name, label), s.Now())
}
