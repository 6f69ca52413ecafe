package sugarcrm

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
)

// User is one user.
type User struct {
	ID        string `json:"id"`
	UserName  string `json:"user_name"`
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	// Admin is the user type System Administrator, who may act as others.
	Admin bool `json:"admin"`
	// Active is the status: the inactive can neither sign in nor be acted for.
	Active bool `json:"active"`
	// Locked is a user who got the password wrong too often.
	Locked bool `json:"locked"`
	// PasswordExpired is a user who is asked for a new password; the API still lets them in.
	PasswordExpired bool   `json:"password_expired"`
	Password        string `json:"-"`
	// Contacts, Calendar and Mail say whether roles let the user list contacts, meetings and emails.
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// Instance is how a Sugar instance is set up.
type Instance struct {
	Version string `json:"version"`
	Flavor  string `json:"flavor"`
	// Platforms are those that may sign in (Admin → Configure API Platforms); none means any.
	Platforms []string `json:"platforms"`
	// Maintenance lets administrators in only.
	Maintenance bool `json:"maintenance"`
	// LicenseExpired lets administrators sign in only, and do nothing.
	LicenseExpired bool `json:"license_expired"`
	// Modules are the names of the modules.
	Modules []string `json:"modules"`
	// ActsAs is the user name of whom everybody is who acts as a user; empty for the user who was asked for. It is what a
	// cache in front of the instance can make of it.
	ActsAs string `json:"acts_as,omitempty"`
}

func (i Instance) clone() Instance {
	i.Platforms, i.Modules = slices.Clone(i.Platforms), slices.Clone(i.Modules)
	return i
}

// Seed is what a stand-in starts with.
type Seed struct {
	// Users are everybody; the first is the service user. One without a password gets a random one.
	Users    []User
	Instance Instance
}

// NewSeed is the seed of a stand-in that is told no other: the service user riva-sync and a colleague, administrators both;
// ada, grace and alan; two users who share an address, and one who has left; the platforms that Sugar knows, and riva.
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

// NewUser is a usual active user with the address name@example.com.
func NewUser(name, first, last string) User {
	return User{
		ID: newID(), UserName: name, FirstName: first, LastName: last, Email: name + "@example.com",
		Active: true, Contacts: true, Calendar: true, Mail: true,
	}
}

// check says what is wrong with a seed, and gives passwords to those who have none.
func (s *Seed) check() error {
	if len(s.Users) == 0 {
		return errors.New("a seed needs a user")
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

// newID is a random identifier in the form of Sugar's ids and tokens (RFC 9562, version 4).
func newID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // it never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
