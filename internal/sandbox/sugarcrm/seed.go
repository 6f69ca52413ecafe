package sugarcrm

import (
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
)

// User is a user.
type User struct {
	ID        string `json:"id"`
	UserName  string `json:"user_name"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	// Admin is the user type System Administrator, who may act as other users.
	Admin bool `json:"admin"`
	// Active is the status. An inactive user can neither sign in nor be acted for.
	Active bool `json:"active"`
	// Locked is a user who is locked after too many wrong passwords.
	Locked bool `json:"locked"`
	// PasswordExpired is a user who must change the password. The API still accepts the sign-in.
	PasswordExpired bool   `json:"password_expired"`
	Password        string `json:"-" patch:"password"`
	// Contacts, Calendar and Mail are set if roles allow the user to list contacts, meetings and emails.
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// Instance contains the settings of a Sugar instance.
type Instance struct {
	Version string `json:"version"`
	Flavor  string `json:"flavor"`
	// Platforms are the platforms that may sign in (Admin → Configure API Platforms); empty means any.
	Platforms []string `json:"platforms"`
	// Maintenance allows only administrators to sign in.
	Maintenance bool `json:"maintenance"`
	// LicenseExpired allows only administrators to sign in, and none of their calls.
	LicenseExpired bool `json:"license_expired"`
	// Modules are the names of the modules.
	Modules []string `json:"modules"`
	// ActsAs is the user name that every caller gets who acts as a user; empty means the requested user. A cache in
	// front of the instance can cause this.
	ActsAs string `json:"acts_as,omitempty"`
}

func (i Instance) clone() Instance {
	i.Platforms, i.Modules = slices.Clone(i.Platforms), slices.Clone(i.Modules)
	return i
}

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Users are the users. The first is the service user. A user without a password gets a random one.
	Users    []User
	Instance Instance
}

// NewSeed returns the default seed: the service user riva-sync and a colleague, both administrators; ada, grace and
// alan; two users who share an address, and one who has left; the standard platforms, and riva.
func NewSeed() Seed {
	service, colleague := NewUser("riva-sync", "Riva", "Service User"), NewUser("somebody", "Some", "Body")
	service.Admin, colleague.Admin = true, true
	one, two := NewUser("team.one", "Team", "One"), NewUser("team.two", "Team", "Two")
	one.Email, two.Email = "team@example.com", "team@example.com"
	left := NewUser("left", "Left", "Already")
	left.Active = false
	return Seed{
		Users: []User{
			service, colleague,
			NewUser("ada", "Ada", "Lovelace"), NewUser("grace", "Grace", "Hopper"), NewUser("alan", "Alan", "Turing"),
			one, two, left,
		},
		Instance: Instance{
			Version: "25.1.0", Flavor: "ENT", Platforms: []string{"base", "mobile", "portal", "riva"},
			Modules: []string{"Accounts", "Calls", "Contacts", "Emails", "Leads", "Meetings", "Opportunities", "Tasks", "Users"},
		},
	}
}

// NewUser returns a normal active user with the address name@example.com.
func NewUser(name, first, last string) User {
	return User{
		ID: newID(), UserName: name, FirstName: first, LastName: last, Email: name + "@example.com",
		Active: true, Contacts: true, Calendar: true, Mail: true,
	}
}

func (u User) check() error {
	if u.UserName == "" || u.ID == "" {
		return errors.New("a user requires a name and an id")
	}
	return nil
}

// newID returns a random identifier in the form of Sugar's ids and tokens (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // documented to never fail
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
