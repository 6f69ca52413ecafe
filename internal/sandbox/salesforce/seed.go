package salesforce

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Organizations are the organizations. The first is the service user's.
	Organizations []Organization
	// Users are the users of all organizations. The first is the service user. A user without a password gets a random
	// one.
	Users []User
	App   App
	// RefreshToken is the service user's refresh token at the start, as if the user had approved the app; empty means
	// none.
	RefreshToken string
}

// firstKeys is the key pair of the app at the start. There is one for the whole process, because making one takes a
// while.
var firstKeys = sync.OnceValues(func() (sandbox.KeyPair, error) { return sandbox.NewKeyPair(time.Now().AddDate(1, 0, 0)) })

// NewSeed returns the default seed: an organization with the service user riva-sync@example.com and a colleague; ada,
// grace and alan; two users who share an address, and one who has left; another organization with a user; and a
// connected app that all of them may use. Each call returns a new seed, which the caller may change.
func NewSeed() (Seed, error) {
	keys, err := firstKeys()
	if err != nil {
		return Seed{}, fmt.Errorf("make the app's keys: %w", err)
	}
	main, other := NewOrganization("00D5g000004SimA", "Example"), NewOrganization("00D5g000004SimB", "Another Example")
	number := 0
	user := func(organization Organization, username, first, last string) User {
		number++
		return NewUser(organization, fmt.Sprintf("0055g00000Sim%02d", number), username, first, last)
	}
	service := user(main, "riva-sync@example.com", "Riva", "Service User")
	service.ModifyAllData, service.ViewAllUsers = true, true
	seed := Seed{
		Organizations: []Organization{main, other},
		Users: []User{
			service,
			user(main, "somebody@example.com", "Some", "Body"),
			user(other, "riva-sync@example.org", "Riva", "Service User"),
			user(main, "ada@example.com", "Ada", "Lovelace"),
			user(main, "grace@example.com", "Grace", "Hopper"),
			user(main, "alan@example.com", "Alan", "Turing"),
			user(main, "team.one@example.com", "Team", "One"),
			user(main, "team.two@example.com", "Team", "Two"),
			user(main, "left@example.com", "Left", "Already"),
		},
		App: App{
			Name: "Riva", ConsumerKey: "3MVG9" + sandbox.Random(3), Secret: sandbox.Random(2),
			PrivateKey: keys.PrivateKey, Certificate: keys.Certificate,
			CallbackURLs:      []string{"http://localhost:1717/OauthRedirect"},
			Scopes:            []string{"api", "id", "web", "refresh_token", "openid"},
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

// NewOrganization returns a normal organization. The id may have 15 characters.
func NewOrganization(id, name string) Organization {
	return Organization{
		ID: longID(id), Name: name, Instance: "SIM1", Type: "Enterprise Edition", Active: true, APIEnabled: true,
		RequestLimit: 15000,
	}
}

// NewUser returns a normal active user, whose address is the user name. The id may have 15 characters.
func NewUser(organization Organization, id, username, first, last string) User {
	return User{
		ID: longID(id), OrganizationID: organization.ID, Username: username, Email: username,
		FirstName: first, LastName: last, Type: "Standard", Active: true, Approved: true, APIEnabled: true,
		Contacts: true, Calendar: true, Mail: true,
	}
}

// check returns an error for an invalid seed.
func (s *Seed) check() error {
	if len(s.Organizations) == 0 || len(s.Users) == 0 {
		return errors.New("a seed requires an organization and a user")
	}
	return s.App.check()
}

// longID returns the 18-character form of an id. Its last three characters encode which of the others are upper-case
// letters, for programs that ignore letter case (Salesforce, SOAP API developer guide, "ID field type").
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

// sameID reports whether two ids, of 15 or 18 characters, belong to the same record.
func sameID(a, b string) bool { return a != "" && longID(a) == longID(b) }
