// Package entra is a stand-in for Microsoft Entra ID as an application sees it. It serves OpenID Connect discovery, the
// signing keys, the pages for a person who signs in and approves an app, with those for the approval of an administrator,
// and the token endpoint of tenants. It verifies the grants with client credentials, refresh tokens and authorization
// codes, client secrets and client assertions, and rejects requests in the ways that Entra does. It lacks second factors,
// the device code flow and the password grant. [Directory.Approve] makes refresh tokens without a person. The stand-ins for
// the systems that sign in with Entra mount it on a site of their own and verify the tokens that it signs.
//
// Requests, responses, claims and errors follow https://learn.microsoft.com/entra/identity-platform/:
// v2-protocols-oidc, v2-oauth2-client-creds-grant-flow, v2-oauth2-auth-code-flow, certificate-credentials,
// access-token-claims-reference and reference-error-codes.
package entra

import (
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// Site is the name of the site where stand-ins mount a directory.
const Site = "authority"

// Options configures a directory.
type Options struct {
	// Seed is the state at the start.
	Seed Seed
	// URL returns the address of the site where the directory is mounted. It is only called when the address is needed.
	URL func() string
	// TokenLength is the lifetime of an access token; 0 means an hour.
	TokenLength time.Duration
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Directory is a tenant's directory and its token endpoint. Its methods are safe for concurrent use. Its accounts are the
// users, found by principal name or id.
type Directory struct {
	sandbox.Store[User]
	seed        Seed
	url         func() string
	tokenLength time.Duration
	now         func() time.Time
	pages       *oauthpages.Pages
	state       state
}

// New returns a directory.
func New(options Options) (*Directory, error) {
	if _, err := sandbox.SigningKey(); err != nil {
		return nil, fmt.Errorf("make the signing key: %w", err)
	}
	if err := options.Seed.check(); err != nil {
		return nil, err
	}
	d := &Directory{
		seed: options.Seed, url: options.URL, tokenLength: cmp.Or(options.TokenLength, time.Hour), now: sandbox.Clock(options.Now),
	}
	d.pages = oauthpages.New(authorizeVendor{d}, options.Now)
	err := d.Init(sandbox.Accounts[User]{
		Seed: options.Seed.Users, Missing: ErrNoUser, Password: func(u *User) *string { return &u.Password },
		Is: func(u User, name string) bool { return strings.EqualFold(u.UPN, name) || u.ID == name },
	})
	if err != nil {
		return nil, err
	}
	d.Reset()
	return d, nil
}

// Reset restores the state at the start.
func (d *Directory) Reset() {
	d.Lock()
	defer d.Unlock()
	d.Restore()
	d.state = newState(d.seed)
	d.pages.Reset()
}

// operations are the operations that a fault can be limited to, with their paths. Entra ignores letter case.
var operations = sandbox.Operations{
	{"token", regexp.MustCompile(`(?i)^/[^/]+/oauth2/v2\.0/token$`)},
	{opAuthorize, regexp.MustCompile(`(?i)^/[^/]+/oauth2/v2\.0/authorize$`)},
	{opAdminConsent, regexp.MustCompile(`(?i)^/[^/]+/(v2\.0/)?adminconsent$`)},
	{"logout", regexp.MustCompile(`(?i)^/[^/]+/oauth2/v2\.0/logout$`)},
	{"openid-configuration", regexp.MustCompile(`(?i)^/[^/]+/v2\.0/\.well-known/openid-configuration$`)},
	{"keys", regexp.MustCompile(`(?i)^/[^/]+/discovery/v2\.0/keys$`)},
}

// Operation returns the name of the operation at a path; empty for any other path.
func Operation(path string) string { return operations.At(path) }

// System returns a System for a host that serves only the directory.
func (d *Directory) System() sandbox.System {
	return sandbox.System{Serve: d.Serve, Operation: sandbox.ByPath(Operation), Restore: d.Reset, Kinds: Kinds}
}

// Serve serves a call to the site where the directory is mounted.
func (d *Directory) Serve(call *sandbox.Call) sandbox.Response {
	d.Lock()
	defer d.Unlock()
	tenant, _, _ := strings.Cut(strings.TrimPrefix(call.Request.URL.Path, "/"), "/")
	switch Operation(call.Request.URL.Path) {
	case "token":
		return d.token(call, tenant)
	case opAuthorize, opAdminConsent:
		return d.pages.Serve(call)
	case "logout":
		return d.pages.SignOut(call, "You signed out of your account")
	case "openid-configuration":
		return d.configuration(tenant)
	case "keys":
		return d.keys()
	}
	return sandbox.HTML(http.StatusNotFound, "404 - File or directory not found.",
		"<h2>404 - File or directory not found.</h2><h3>The resource you are looking for might have been removed.</h3>")
}
