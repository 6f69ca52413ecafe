package sapc4c

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is a user of the tenant.
type User struct {
	UserID     string `json:"user_id"`
	EmployeeID string `json:"employee_id"`
	Name       string `json:"name"`
	Email      string `json:"email"`
	// Technical is the user of a communication arrangement, which is not a person. Business users do not list it.
	Technical bool `json:"technical"`
	// Locked is a user who was locked by an administrator.
	Locked bool `json:"locked"`
	// PasswordLocked is a user who is locked after too many wrong passwords.
	PasswordLocked bool `json:"password_locked"`
	// PasswordExpired is a user who must choose another password in a browser.
	PasswordExpired bool `json:"password_expired"`
	// ValidUntil is the last day of the user; the zero time means no end.
	ValidUntil time.Time `json:"valid_until,omitzero"`
	Password   string    `json:"-" patch:"password"`
	// API, Users, Contacts, Calendar and Mail are set if work centers allow the user to call the service, and to read
	// business users, contacts, appointments and emails.
	API      bool `json:"api"`
	Users    bool `json:"users"`
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Users are the users. The first is the service user. A user without a password gets a random one.
	Users []User
}

// NewSeed returns the default seed: the service user _RIVASYNC, the technical user _INTEGRATION, ada, grace and alan;
// two users who share an address, and one who has left.
func NewSeed() Seed {
	service, technical := NewUser("riva-sync", "Riva Sync", 1), NewUser("integration", "Integration", 2)
	service.UserID, technical.UserID, technical.Technical = "_RIVASYNC", "_INTEGRATION", true
	one, two := NewUser("team.one", "Team One", 6), NewUser("team.two", "Team Two", 7)
	one.Email, two.Email = "team@example.com", "team@example.com"
	left := NewUser("left", "Left Already", 8)
	left.Locked = true
	return Seed{Users: []User{
		service, technical,
		NewUser("ada", "Ada Lovelace", 3), NewUser("grace", "Grace Hopper", 4), NewUser("alan", "Alan Turing", 5),
		one, two, left,
	}}
}

// NewUser returns a normal user with the address name@example.com and an employee number.
func NewUser(name, fullName string, number int) User {
	return User{
		UserID: strings.ToUpper(name), EmployeeID: fmt.Sprintf("80000000%02d", number), Name: fullName,
		Email: name + "@example.com", API: true, Users: true, Contacts: true, Calendar: true, Mail: true,
	}
}

func (u User) check() error {
	if u.UserID == "" || strings.Contains(u.UserID, ":") {
		return errors.New("a user requires a user ID without a colon")
	}
	return nil
}
