package salesforce

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The errors of requests that name something that does not exist.
var (
	ErrNoUser         = fmt.Errorf("%w user", sandbox.ErrNotFound)
	ErrNoOrganization = fmt.Errorf("%w organization", sandbox.ErrNotFound)
)

// Organization is an organization ("org").
type Organization struct {
	ID       string `json:"id"` // 18 characters
	Name     string `json:"name"`
	Sandbox  bool   `json:"sandbox"`
	Instance string `json:"instance"`
	Type     string `json:"type"`
	// Active is false for an organization that is locked, closed or suspended.
	Active bool `json:"active"`
	// APIEnabled is set if the edition includes the API.
	APIEnabled bool `json:"api_enabled"`
	// RequestLimit is the number of API requests allowed in a day, Requests the number used.
	RequestLimit int `json:"request_limit"`
	Requests     int `json:"requests"`
}

// User is a user.
type User struct {
	ID             string `json:"id"` // 18 characters
	OrganizationID string `json:"organization_id"`
	Username       string `json:"username"` // has the form of an address, but does not need to be one
	Email          string `json:"email"`
	FirstName      string `json:"first_name"`
	LastName       string `json:"last_name"`
	Type           string `json:"type"`
	Password       string `json:"-" patch:"password"`
	Active         bool   `json:"active"`
	// Approved is set if an administrator allows the user to use the app, by profile or permission set.
	Approved bool `json:"approved"`
	// IPRestricted is set if the profile's login addresses or hours deny the sign-in.
	IPRestricted bool `json:"ip_restricted"`
	// APIEnabled, ModifyAllData and ViewAllUsers are the permissions of these names.
	APIEnabled    bool `json:"api_enabled"`
	ModifyAllData bool `json:"modify_all_data"`
	ViewAllUsers  bool `json:"view_all_users"`
	// Contacts, Calendar and Mail allow the user to read the objects Contact, Event and EmailMessage.
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// Name returns the full name.
func (u User) Name() string { return strings.TrimSpace(u.FirstName + " " + u.LastName) }

// state is the state that changes, apart from the users.
type state struct {
	organizations  []Organization
	app            App
	instanceURL    string
	objects        []object
	objectsChanged time.Time // the last change of the objects, in whole seconds as in HTTP headers
	tokens         tokens
}

func newState(seed Seed, instanceURL string, now time.Time) state {
	s := state{
		organizations: slices.Clone(seed.Organizations), app: seed.App.clone(), instanceURL: instanceURL,
		objects: standardObjects(), objectsChanged: now.UTC().Truncate(time.Second), tokens: newTokens(),
	}
	if seed.RefreshToken != "" {
		s.tokens.addApproval(seed.Users[0], slices.Clone(s.app.Scopes)).refreshToken = seed.RefreshToken
	}
	return s
}

func (s *Server) userByID(id string) *User {
	return s.FindFunc(func(u User) bool { return u.ID == id })
}

func (s *state) organization(id string) *Organization {
	return sandbox.Find(s.organizations, func(o Organization) bool { return sameID(o.ID, id) })
}

// checkUser returns an error for a user of an unknown organization.
func (s *state) checkUser(u User) error {
	if s.organization(u.OrganizationID) == nil {
		return fmt.Errorf("%w: %q", ErrNoOrganization, u.OrganizationID)
	}
	return nil
}

// addObject adds an object or replaces the one of that name.
func (s *state) addObject(added object, now time.Time) {
	s.objects = slices.DeleteFunc(s.objects, func(o object) bool { return o.name == added.name })
	s.objects = append(s.objects, added)
	slices.SortFunc(s.objects, func(a, b object) int { return cmp.Compare(a.name, b.name) })
	now = now.UTC().Truncate(time.Second)
	if !now.After(s.objectsChanged) { // a change within the same second must be visible
		now = s.objectsChanged.Add(time.Second)
	}
	s.objectsChanged = now
}
