package suitecrm

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is a user.
type User struct {
	ID        string `json:"id"`
	UserName  string `json:"user_name"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	// FormerEmail is a former address of the user. SuiteCRM still finds the user by it.
	FormerEmail string `json:"formerly,omitempty"`
	Admin       bool   `json:"admin"`
	// Active is the status. SuiteCRM's API ignores it in a sign-in.
	Active   bool   `json:"active"`
	Password string `json:"-" patch:"password"`
	// Contacts, Calendar, Mail and Users are set if roles allow the user to view contacts, meetings, emails and users.
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
	Users    bool `json:"users"`
}

// Client is an OAuth2 client (Admin → OAuth2 Clients and Tokens).
type Client struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Secret string `json:"-" patch:"secret"`
	// Grant is the only grant that it may use: password or client_credentials.
	Grant string `json:"grant"`
	// RunAs is the user name that client_credentials signs in as.
	RunAs string `json:"run_as"`
}

// Instance contains the settings of a SuiteCRM instance.
type Instance struct {
	// Suite8 serves the API at the path of SuiteCRM 8, below /legacy.
	Suite8 bool `json:"suite8"`
	// Modules are the names of the visible modules.
	Modules []string `json:"modules"`
	// NoEmailFilter represents a version before 7.12.3, which fails when records are searched by address.
	NoEmailFilter bool `json:"no_email_filter"`
}

func (i Instance) clone() Instance {
	i.Modules = slices.Clone(i.Modules)
	return i
}

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Users are the users. The first is the service user. A user without a password gets a random one.
	Users    []User
	Client   Client
	Instance Instance
}

// NewSeed returns the default seed: the service user riva-sync and a colleague; ada, grace and alan; two users who
// share an address, and one who has left; and an OAuth2 client for the password grant.
func NewSeed() Seed {
	token, two := NewUser("team.one", "Team", "One"), NewUser("team.two", "Team", "Two")
	token.Email, two.Email = "team@example.com", "team@example.com"
	left := NewUser("left", "Left", "Already")
	left.Active = false
	service := NewUser("riva-sync", "Riva", "Service User")
	service.Admin = true
	return Seed{
		Users: []User{
			service, NewUser("somebody", "Some", "Body"),
			NewUser("ada", "Ada", "Lovelace"), NewUser("grace", "Grace", "Hopper"), NewUser("alan", "Alan", "Turing"),
			token, two, left,
		},
		Client: Client{ID: newID(), Name: "Riva", Secret: rand.Text(), Grant: "password"},
		Instance: Instance{
			Modules: []string{"Accounts", "Calls", "Contacts", "Emails", "Leads", "Meetings", "Opportunities", "Tasks"},
		},
	}
}

// NewUser returns a normal active user with the address name@example.com.
func NewUser(name, first, last string) User {
	return User{
		ID: newID(), UserName: name, FirstName: first, LastName: last, Email: name + "@example.com",
		Active: true, Contacts: true, Calendar: true, Mail: true, Users: true,
	}
}

func (u User) check() error {
	if u.UserName == "" || u.ID == "" {
		return errors.New("a user requires a name and an id")
	}
	return nil
}

// newID returns a random identifier in the form of SuiteCRM's.
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // documented to never fail
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
