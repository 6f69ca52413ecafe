package salesforce

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// What an order to change something may name wrongly.
var (
	ErrNoUser         = fmt.Errorf("%w user", sandbox.ErrNotFound)
	ErrNoOrganization = fmt.Errorf("%w organization", sandbox.ErrNotFound)
)

// Organization is one organisation ("org").
type Organization struct {
	ID       string `json:"id"` // of 18 characters
	Name     string `json:"name"`
	Sandbox  bool   `json:"sandbox"`
	Instance string `json:"instance"`
	Type     string `json:"type"`
	// Active is false for an organisation that is locked, closed or suspended.
	Active bool `json:"active"`
	// APIEnabled is whether its edition has the API.
	APIEnabled bool `json:"api_enabled"`
	// RequestLimit is how many API requests it may make in a day, Requests how many it has made.
	RequestLimit int `json:"request_limit"`
	Requests     int `json:"requests"`
}

// User is one user.
type User struct {
	ID             string `json:"id"` // of 18 characters
	OrganizationID string `json:"organization_id"`
	Username       string `json:"username"` // looks like an address, but need not be one
	Email          string `json:"email"`
	FirstName      string `json:"first_name"`
	LastName       string `json:"last_name"`
	Type           string `json:"type"`
	Password       string `json:"-"`
	Active         bool   `json:"active"`
	// Approved is whether an administrator lets the user use the app, by profile or permission set.
	Approved bool `json:"approved"`
	// IPRestricted is whether the profile's login addresses or hours keep the user out.
	IPRestricted bool `json:"ip_restricted"`
	// APIEnabled, ModifyAllData and ViewAllUsers are the permissions of these names.
	APIEnabled    bool `json:"api_enabled"`
	ModifyAllData bool `json:"modify_all_data"`
	ViewAllUsers  bool `json:"view_all_users"`
	// Contacts, Calendar and Mail say whether the user may read the objects Contact, Event and EmailMessage.
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// Name is the user's whole name.
func (u User) Name() string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

// state is everything that changes. It needs the server's lock.
type state struct {
	organizations []Organization
	users         []User
	app           App
	instanceURL   string
	objects       []object
	described     time.Time // when the objects changed last, in whole seconds as HTTP tells them
	tokens        tokens
}

func newState(seed Seed, instanceURL string, now time.Time) *state {
	s := &state{
		organizations: slices.Clone(seed.Organizations), users: slices.Clone(seed.Users), app: seed.App.clone(),
		instanceURL: instanceURL, objects: standardObjects(), described: now.UTC().Truncate(time.Second),
		tokens: newTokens(),
	}
	if seed.RefreshToken != "" {
		s.tokens.approve(s.users[0], slices.Clone(s.app.Scopes)).refreshToken = seed.RefreshToken
	}
	return s
}

func (s *state) user(username string) *User {
	return sandbox.Find(s.users, func(u User) bool { return strings.EqualFold(u.Username, username) })
}

func (s *state) userByID(id string) *User {
	return sandbox.Find(s.users, func(u User) bool { return u.ID == id })
}

func (s *state) organization(id string) *Organization {
	return sandbox.Find(s.organizations, func(o Organization) bool { return sameID(o.ID, id) })
}

// addObject adds an object or changes the one of that name.
func (s *state) addObject(added object, now time.Time) {
	s.objects = slices.DeleteFunc(s.objects, func(o object) bool { return o.name == added.name })
	s.objects = append(s.objects, added)
	slices.SortFunc(s.objects, func(a, b object) int { return cmp.Compare(a.name, b.name) })
	now = now.UTC().Truncate(time.Second)
	if !now.After(s.described) { // a change within the same second is a change
		now = s.described.Add(time.Second)
	}
	s.described = now
}
