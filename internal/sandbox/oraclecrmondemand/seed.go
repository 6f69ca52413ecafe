package oraclecrmondemand

import (
	"errors"
	"fmt"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is a user of a company.
type User struct {
	ID string `json:"id"`
	// Company and Name are the parts of the user sign-in ID: COMPANY/name.
	Company string `json:"company"`
	Name    string `json:"name"`
	Alias   string `json:"alias"`
	Email   string `json:"email"`
	Active  bool   `json:"active"`
	// Locked is a user who is locked after too many wrong passwords.
	Locked bool `json:"locked"`
	// PasswordExpired is a user who must choose another password in a browser.
	PasswordExpired bool   `json:"password_expired"`
	Password        string `json:"-" patch:"password"`
	// Becomes is the name of the user after the login, if it differs from that of the login.
	Becomes string `json:"becomes,omitempty"`
	// WebServices is the privilege Enable Web Services Access of the user's role.
	WebServices bool `json:"web_services"`
	// Users, Contacts, Calendar and Mail are set if the role allows access to users, contacts and activities.
	Users    bool `json:"users"`
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// SignInID returns the user sign-in ID.
func (u User) SignInID() string { return u.Company + "/" + u.Name }

// Company contains the limits of the company.
type Company struct {
	// SessionLimit is the maximum number of sessions at a time.
	SessionLimit int `json:"session_limit"`
	// Idle is how long a session is valid without a call.
	Idle time.Duration `json:"-"`
	// Exhausted is set if the allotment of operations is used up.
	Exhausted bool `json:"exhausted"`
}

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Users are the users. The first is the service user. A user without a password gets a random one.
	Users   []User
	Company Company
}

// NewSeed returns the default seed: the service user EXAMPLE/riva-sync and a colleague; ada, grace and alan; two users
// who share an address, and one who has left; and Oracle's default limits.
func NewSeed() Seed {
	one, two := NewUser("team.one", "Team One", 6), NewUser("team.two", "Team Two", 7)
	one.Email, two.Email = "team@example.com", "team@example.com"
	left := NewUser("left", "Left Already", 8)
	left.Active = false
	return Seed{
		Users: []User{
			NewUser("riva-sync", "Riva Sync", 1), NewUser("somebody", "Some Body", 2),
			NewUser("ada", "Ada Lovelace", 3), NewUser("grace", "Grace Hopper", 4), NewUser("alan", "Alan Turing", 5),
			one, two, left,
		},
		Company: Company{SessionLimit: 10, Idle: 10 * time.Minute},
	}
}

// NewUser returns a normal active user with the address name@example.com.
func NewUser(name, alias string, number int) User {
	return User{
		ID: fmt.Sprintf("AAPA-%05d", number), Company: "EXAMPLE", Name: name, Alias: alias, Email: name + "@example.com",
		Active: true, WebServices: true, Users: true, Contacts: true, Calendar: true, Mail: true,
	}
}

func (u User) check() error {
	if u.Name == "" || u.Company == "" {
		return errors.New("a user requires a name and a company")
	}
	return nil
}
