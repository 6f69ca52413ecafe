package salesforce

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Seed is what a stand-in starts with.
type Seed struct {
	// Organizations are the organisations; the first is the service user's.
	Organizations []Organization
	// Users are everybody, in any organisation; the first is the service user. One without a password gets a random one.
	Users []User
	App   App
	// RefreshToken is the service user's from the start, as if a person had let the app in; empty: none.
	RefreshToken string
}

// firstKeys is the key pair of the app at the start, one for the whole process since making one takes a while.
var firstKeys = sync.OnceValues(func() (sandbox.KeyPair, error) { return sandbox.NewKeyPair(time.Now().AddDate(1, 0, 0)) })

// NewSeed is the seed of a stand-in that is told no other: an organisation with the service user riva-sync@example.com
// and a colleague; ada, grace and alan; two users who share an address, and one who has left; another organisation with
// a user of its own; and a connected app that they all may use. Each call gives a new one, to change as needed.
func NewSeed() (Seed, error) {
	keys, err := firstKeys()
	if err != nil {
		return Seed{}, fmt.Errorf("make the app's keys: %w", err)
	}
	home, away := NewOrganization("00D5g000004SimA", "Example"), NewOrganization("00D5g000004SimB", "Another Example")
	number := 0
	user := func(organization Organization, username, first, last string) User {
		number++
		return NewUser(organization, fmt.Sprintf("0055g00000Sim%02d", number), username, first, last)
	}
	service := user(home, "riva-sync@example.com", "Riva", "Service User")
	service.ModifyAllData, service.ViewAllUsers = true, true
	seed := Seed{
		Organizations: []Organization{home, away},
		Users: []User{
			service,
			user(home, "somebody@example.com", "Some", "Body"),
			user(away, "riva-sync@example.org", "Riva", "Service User"),
			user(home, "ada@example.com", "Ada", "Lovelace"),
			user(home, "grace@example.com", "Grace", "Hopper"),
			user(home, "alan@example.com", "Alan", "Turing"),
			user(home, "team.one@example.com", "Team", "One"),
			user(home, "team.two@example.com", "Team", "Two"),
			user(home, "left@example.com", "Left", "Already"),
		},
		App: App{
			Name: "Riva", ConsumerKey: "3MVG9" + sandbox.Random(3), Secret: sandbox.Random(2),
			PrivateKey: keys.PrivateKey, Certificate: keys.Certificate,
			CallbackURLs:      []string{"http://localhost:1717/OauthRedirect"},
			Scopes:            []string{"api", "id", "web", "refresh_token"},
			ClientCredentials: true, RunAs: service.Username, AdminApproved: true, Installed: true,
			SecretForCode: true, SecretForRefresh: true,
		},
		RefreshToken: newRefreshToken(),
	}
	for i := range seed.Users {
		switch u := &seed.Users[i]; u.Username {
		case "team.one@example.com", "team.two@example.com":
			u.Email = "team@example.com"
		case "left@example.com":
			u.Active = false
		}
	}
	return seed, nil
}

// NewOrganization is a usual organisation. The id may have 15 characters.
func NewOrganization(id, name string) Organization {
	return Organization{
		ID: longID(id), Name: name, Instance: "SIM1", Type: "Enterprise Edition", Active: true, APIEnabled: true,
		RequestLimit: 15000,
	}
}

// NewUser is a usual active user, whose address is the user name. The id may have 15 characters.
func NewUser(organization Organization, id, username, first, last string) User {
	return User{
		ID: longID(id), OrganizationID: organization.ID, Username: username, Email: username,
		FirstName: first, LastName: last, Type: "Standard", Active: true, Approved: true, APIEnabled: true,
		Contacts: true, Calendar: true, Mail: true,
	}
}

// check says what is wrong with a seed, and gives passwords to those who have none.
func (s *Seed) check() error {
	if len(s.Organizations) == 0 || len(s.Users) == 0 {
		return errors.New("a seed needs an organization and a user")
	}
	s.Users = slices.Clone(s.Users)
	for i := range s.Users {
		user := &s.Users[i]
		if !slices.ContainsFunc(s.Organizations, func(o Organization) bool { return sameID(o.ID, user.OrganizationID) }) {
			return fmt.Errorf("user %s: %w: %q", user.Username, ErrNoOrganization, user.OrganizationID)
		}
		user.Password = cmp.Or(user.Password, rand.Text())
	}
	return s.App.check()
}

// longID is the 18-character form of an id: its last three characters say which of the others are upper-case letters,
// for programs that do not tell case (Salesforce, SOAP API developer guide, "ID field type").
func longID(id string) string {
	const short, letters = 15, "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
	if len(id) != short {
		return id
	}
	var suffix strings.Builder
	for part := range slices.Chunk([]byte(id), 5) {
		bits := 0
		for i, c := range part {
			if c >= 'A' && c <= 'Z' {
				bits |= 1 << i
			}
		}
		suffix.WriteByte(letters[bits])
	}
	return id + suffix.String()
}

// sameID tells whether two ids, of 15 or 18 characters, name the same record.
func sameID(a, b string) bool { return a != "" && longID(a) == longID(b) }
