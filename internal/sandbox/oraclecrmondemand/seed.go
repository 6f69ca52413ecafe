package oraclecrmondemand

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ErrNoUser is a user that the stand-in does not have.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// User is a user of a company.
type User struct {
	ID string `json:"id"`
	// Company and Name make the user sign-in ID: COMPANY/name.
	Company string `json:"company"`
	Name    string `json:"name"`
	Alias   string `json:"alias"`
	Email   string `json:"email"`
	Active  bool   `json:"active"`
	// Locked is a user who got the password wrong too often.
	Locked bool `json:"locked"`
	// PasswordExpired is a user who has to choose another password in a browser.
	PasswordExpired bool   `json:"password_expired"`
	Password        string `json:"-"`
	// Becomes is the name that the user has once signed in, where it is another one than that of the login.
	Becomes string `json:"becomes,omitempty"`
	// WebServices is the privilege Enable Web Services Access of the user's role.
	WebServices bool `json:"web_services"`
	// Users, Contacts, Calendar and Mail say whether the role gives access to users, contacts and activities.
	Users    bool `json:"users"`
	Contacts bool `json:"contacts"`
	Calendar bool `json:"calendar"`
	Mail     bool `json:"mail"`
}

// SignInID is how the user signs in.
func (u User) SignInID() string { return u.Company + "/" + u.Name }

// Company are the limits of the company.
type Company struct {
	// SessionLimit is how many sessions there may be at a time.
	SessionLimit int `json:"session_limit"`
	// Idle is how long a session lives without a call.
	Idle time.Duration `json:"-"`
	// Exhausted is the allotment of operations being used up.
	Exhausted bool `json:"exhausted"`
}

// Seed is what a stand-in starts with.
type Seed struct {
	// Users are everybody; the first is the service user. One without a password gets a random one.
	Users   []User
	Company Company
}

// NewSeed is the seed of a stand-in that is told no other: the service user EXAMPLE/riva-sync and a colleague; ada, grace and
// alan; two users who share an address, and one who has left; the limits that Oracle sets.
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

// NewUser is a usual active user with the address name@example.com.
func NewUser(name, alias string, number int) User {
	return User{
		ID: fmt.Sprintf("AAPA-%05d", number), Company: "EXAMPLE", Name: name, Alias: alias, Email: name + "@example.com",
		Active: true, WebServices: true, Users: true, Contacts: true, Calendar: true, Mail: true,
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
		if user.Name == "" || user.Company == "" {
			return fmt.Errorf("user %d needs a name and a company", i+1)
		}
		user.Password = cmp.Or(user.Password, rand.Text())
	}
	return nil
}

// state is what changes while a stand-in runs.
type state struct {
	users    []User
	company  Company
	sessions map[string]*session
	refused  map[string]int // logins in a row, by sign-in ID
}

// session is what a session cookie stands for.
type session struct {
	signInID string
	seen     time.Time
}

func newState(seed Seed) *state {
	return &state{
		users: slices.Clone(seed.Users), company: seed.Company, sessions: map[string]*session{}, refused: map[string]int{},
	}
}

// user finds a user by sign-in ID; letter case does not matter.
func (s *state) user(signInID string) *User {
	return sandbox.Find(s.users, func(u User) bool { return strings.EqualFold(u.SignInID(), signInID) })
}

// open starts a session; ok is false if there are too many.
func (s *state) open(user User, now time.Time) (id string, ok bool) {
	if len(s.live(now)) >= s.company.SessionLimit {
		return "", false
	}
	id = rand.Text() + rand.Text() + "!" + rand.Text()
	s.sessions[id] = &session{signInID: user.SignInID(), seen: now}
	return id, true
}

// session finds the user of a live session, which then lives on.
func (s *state) session(id string, now time.Time) *User {
	found := s.sessions[id]
	if found == nil || now.Sub(found.seen) > s.company.Idle {
		delete(s.sessions, id)
		return nil
	}
	found.seen = now
	user := s.user(found.signInID)
	if user == nil || !user.Active {
		return nil
	}
	return user
}

// live lists who has a live session.
func (s *state) live(now time.Time) []string {
	list := []string{}
	for _, open := range s.sessions {
		if now.Sub(open.seen) <= s.company.Idle {
			list = append(list, open.signInID)
		}
	}
	slices.Sort(list)
	return list
}
