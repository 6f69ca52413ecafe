package google

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is an order about somebody who is not there.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is one user of a Workspace customer.
type User struct {
	ID         string   `json:"id"` // 21 digits
	CustomerID string   `json:"customer_id"`
	Email      string   `json:"email"` // the primary address
	Aliases    []string `json:"aliases"`
	GivenName  string   `json:"given_name"`
	FamilyName string   `json:"family_name"`
	// Admin is whether the user may read the directory.
	Admin     bool `json:"admin"`
	Suspended bool `json:"suspended"`
	Archived  bool `json:"archived"`
	// Deleted users are gone from the directory; their address is still known to the token endpoint.
	Deleted bool `json:"deleted"`
	// Mail and Calendar say whether the user has these services.
	Mail     bool `json:"mail"`
	Calendar bool `json:"calendar"`
}

// Name is the user's whole name.
func (u User) Name() string { return strings.TrimSpace(u.GivenName + " " + u.FamilyName) }

// Domain is the domain of the primary address.
func (u User) Domain() string {
	_, domain, _ := strings.Cut(u.Email, "@")
	return domain
}

// is tells whether a key of the Directory API, an address or the id, is this user's.
func (u User) is(key string) bool {
	same := func(address string) bool { return strings.EqualFold(address, key) }
	return u.ID == key || same(u.Email) || slices.ContainsFunc(u.Aliases, same)
}

// ServiceAccount is a service account of a Google Cloud project, with the one key that it has.
type ServiceAccount struct {
	Email     string `json:"email"`
	ClientID  string `json:"client_id"` // numeric: what delegation is entered for
	ProjectID string `json:"project_id"`
	KeyID     string `json:"key_id"`
	// PrivateKey is PKCS #8 in PEM form.
	PrivateKey string `json:"-"`
	// Disabled is the account's own state, KeyDisabled that of its key.
	Disabled    bool `json:"disabled"`
	KeyDisabled bool `json:"key_disabled"`
	// Delegated are the scopes that the customer of the first user has authorised, domain-wide.
	Delegated []string `json:"delegated"`
	// DisabledAPIs are services, such as gmail.googleapis.com, that are not enabled in the project.
	DisabledAPIs []string `json:"disabled_apis"`
}

// Client is an OAuth client of the same project.
type Client struct {
	ID       string `json:"id"`
	Secret   string `json:"-"`
	Disabled bool   `json:"disabled"`
	Deleted  bool   `json:"deleted"`
}

// state is everything that changes. It needs the server's lock.
type state struct {
	users          []User
	serviceAccount ServiceAccount
	client         Client
	tokens         tokens
}

func newState(seed Seed) *state {
	s := &state{
		users: slices.Clone(seed.Users), serviceAccount: seed.ServiceAccount.clone(), client: seed.Client, tokens: newTokens(),
	}
	if seed.RefreshToken != "" {
		s.tokens.refresh[seed.RefreshToken] = approval{userID: s.users[0].ID, scopes: Scopes()}
	}
	return s
}

// user finds a user by an address or the id.
func (s *state) user(key string) *User {
	return sandbox.Find(s.users, func(u User) bool { return u.is(key) })
}

// KeyFile is what Google gives for download when a key is made (https://cloud.google.com/iam/docs/keys-create-delete). The
// addresses in it are the stand-in's.
func (s *Server) KeyFile() string {
	a := s.ServiceAccount()
	site := s.URLOf(TokenSite)
	file, err := json.MarshalIndent(map[string]string{
		"type": "service_account", "project_id": a.ProjectID, "private_key_id": a.KeyID, "private_key": a.PrivateKey,
		"client_email": a.Email, "client_id": a.ClientID, "auth_uri": site + "/o/oauth2/auth", "token_uri": s.TokenURL(),
		"auth_provider_x509_cert_url": site + "/oauth2/v1/certs",
		"client_x509_cert_url":        site + "/robot/v1/metadata/x509/" + url.PathEscape(a.Email),
		"universe_domain":             "googleapis.com",
	}, "", "  ")
	if err != nil { // only for a value that no account has
		return ""
	}
	return string(file) + "\n"
}
