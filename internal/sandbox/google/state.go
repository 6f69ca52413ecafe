package google

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is a user of a Workspace customer.
type User struct {
	ID         string   `json:"id"` // 21 digits
	CustomerID string   `json:"customer_id"`
	Email      string   `json:"email"` // the primary address
	Aliases    []string `json:"aliases"`
	GivenName  string   `json:"given_name"`
	FamilyName string   `json:"family_name"`
	Password   string   `json:"-" patch:"password"`
	// Admin allows the user to read the directory.
	Admin     bool `json:"admin"`
	Suspended bool `json:"suspended"`
	Archived  bool `json:"archived"`
	// Deleted users are missing in the directory. Their address is still known to the token endpoint.
	Deleted bool `json:"deleted"`
	// Mail and Calendar are the services of the user.
	Mail     bool `json:"mail"`
	Calendar bool `json:"calendar"`
}

// Name returns the full name.
func (u User) Name() string { return strings.TrimSpace(u.GivenName + " " + u.FamilyName) }

// Domain returns the domain of the primary address.
func (u User) Domain() string {
	_, domain, _ := strings.Cut(u.Email, "@")
	return domain
}

// hasKey reports whether a key of the Directory API, which is an address or the id, belongs to this user.
func (u User) hasKey(key string) bool {
	same := func(address string) bool { return strings.EqualFold(address, key) }
	return u.ID == key || same(u.Email) || slices.ContainsFunc(u.Aliases, same)
}

// ServiceAccount is a service account of a Google Cloud project, with its only key.
type ServiceAccount struct {
	Email     string `json:"email"`
	ClientID  string `json:"client_id"` // numeric; delegation is granted to it
	ProjectID string `json:"project_id"`
	KeyID     string `json:"key_id"`
	// PrivateKey is PKCS #8 in PEM form.
	PrivateKey string `json:"-"`
	// Disabled is the state of the account, KeyDisabled that of its key.
	Disabled    bool `json:"disabled"`
	KeyDisabled bool `json:"key_disabled"`
	// Delegated are the scopes that the customer of the first user has authorized for the whole domain.
	Delegated []string `json:"delegated"`
	// DisabledAPIs are services that are not enabled in the project, such as gmail.googleapis.com.
	DisabledAPIs []string `json:"disabled_apis"`
}

// Client is an OAuth client of the same project.
type Client struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Secret   string `json:"-" patch:"secret"`
	Disabled bool   `json:"disabled"`
	Deleted  bool   `json:"deleted"`
	// Desktop is the type "Desktop app": each loopback address may be the redirect URI. Others must be in RedirectURIs.
	Desktop      bool     `json:"desktop"`
	RedirectURIs []string `json:"redirect_uris"`
	// Internal limits the client to users of the customer of the first user.
	Internal bool `json:"internal"`
}

func (c Client) clone() Client {
	c.RedirectURIs = slices.Clone(c.RedirectURIs)
	return c
}

// state is the state that changes, apart from the users.
type state struct {
	serviceAccount ServiceAccount
	client         Client
	tokens         tokens
}

func newState(seed Seed) state {
	s := state{serviceAccount: seed.ServiceAccount.clone(), client: seed.Client.clone(), tokens: newTokens()}
	if seed.RefreshToken != "" {
		s.tokens.refresh[seed.RefreshToken] = approval{userID: seed.Users[0].ID, scopes: Scopes()}
	}
	return s
}
