package suitecrm

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is a user that the stand-in does not have.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is one user.
type User struct {
	ID        string `json:"id"`
	UserName  string `json:"user_name"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	// FormerEmail is an address that the user had once: SuiteCRM goes on finding the user by it.
	FormerEmail string `json:"formerly,omitempty"`
	Admin       bool   `json:"admin"`
	// Active is the status. SuiteCRM's API does not look at it when somebody signs in.
	Active   bool   `json:"active"`
	Password string `json:"-"`
	// Contacts, Calendar, Mail and Users say whether roles let the user view contacts, meetings, emails and users.
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
	Users    bool `json:"users"`
}

// Client is an OAuth2 client (Admin → OAuth2 Clients and Tokens).
type Client struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Secret string `json:"-"`
	// Grant is the only one that it may use: password or client_credentials.
	Grant string `json:"grant"`
	// RunAs is the user name of whom it signs in as with client_credentials.
	RunAs string `json:"run_as"`
}

// Instance is how a SuiteCRM instance is set up.
type Instance struct {
	// Suite8 puts the API where SuiteCRM 8 has it, below /legacy.
	Suite8 bool `json:"suite8"`
	// Modules are the names of the modules that are to be seen.
	Modules []string `json:"modules"`
	// NoEmailFilter is a version before 7.12.3, which fails when records are looked up by address.
	NoEmailFilter bool `json:"no_email_filter"`
}

func (i Instance) clone() Instance {
	i.Modules = slices.Clone(i.Modules)
	return i
}

// Seed is what a stand-in starts with.
type Seed struct {
	// Users are everybody; the first is the service user. One without a password gets a random one.
	Users    []User
	Client   Client
	Instance Instance
}

// NewSeed is the seed of a stand-in that is told no other: the service user riva-sync and a colleague; ada, grace and alan;
// two users who share an address, and one who has left; and an OAuth2 client for the password grant.
func NewSeed() Seed {
	one, two := NewUser("team.one", "Team", "One"), NewUser("team.two", "Team", "Two")
	one.Email, two.Email = "team@example.com", "team@example.com"
	left := NewUser("left", "Left", "Already")
	left.Active = false
	service := NewUser("riva-sync", "Riva", "Service User")
	service.Admin = true
	return Seed{
		Users: []User{
			service, NewUser("somebody", "Some", "Body"),
			NewUser("ada", "Ada", "Lovelace"), NewUser("grace", "Grace", "Hopper"), NewUser("alan", "Alan", "Turing"),
			one, two, left,
		},
		Client: Client{ID: newID(), Name: "Riva", Secret: rand.Text(), Grant: "password"},
		Instance: Instance{
			Modules: []string{"Accounts", "Calls", "Contacts", "Emails", "Leads", "Meetings", "Opportunities", "Tasks"},
		},
	}
}

// NewUser is a usual active user with the address name@example.com.
func NewUser(name, first, last string) User {
	return User{
		ID: newID(), UserName: name, FirstName: first, LastName: last, Email: name + "@example.com",
		Active: true, Contacts: true, Calendar: true, Mail: true, Users: true,
	}
}

// check says what is wrong with a seed, and gives passwords to those who have none.
func (s *Seed) check() error {
	if len(s.Users) == 0 || s.Client.ID == "" || s.Client.Secret == "" {
		return errors.New("a seed needs a user, and an OAuth2 client with a secret")
	}
	s.Users = slices.Clone(s.Users)
	for i := range s.Users {
		user := &s.Users[i]
		if user.UserName == "" || user.ID == "" {
			return fmt.Errorf("user %d needs a name and an id", i+1)
		}
		user.Password = cmp.Or(user.Password, rand.Text())
	}
	return nil
}

// newID is a random identifier in the form of SuiteCRM's.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// issued is an access token that was given out, or the refresh token that came with it.
type issued struct {
	userID  string
	expires time.Time
	revoked bool
	refresh string
}

// state is what changes while a stand-in runs.
type state struct {
	instance Instance
	users    []User
	client   Client
	tokens   map[string]*issued // by the id in the token
}

func newState(seed Seed) *state {
	return &state{
		instance: seed.Instance.clone(), users: slices.Clone(seed.Users), client: seed.Client, tokens: map[string]*issued{},
	}
}

// user finds a user by name; letter case does not matter, as in SuiteCRM's databases.
func (s *state) user(userName string) *User {
	return s.find(func(u User) bool { return strings.EqualFold(u.UserName, userName) })
}

func (s *state) find(fits func(User) bool) *User {
	return sandbox.Find(s.users, fits)
}

// refreshable finds the access token that a refresh token came with.
func (s *state) refreshable(token string) *issued {
	for one := range maps.Values(s.tokens) {
		if token != "" && one.refresh == token && !one.revoked {
			return one
		}
	}
	return nil
}
