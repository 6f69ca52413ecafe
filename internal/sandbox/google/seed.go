package google

import (
	"crypto/rand"
	"fmt"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Users are the users of all customers. The first is the administrator that the service account acts as. A user without a
	// password gets a random one.
	Users          []User
	ServiceAccount ServiceAccount
	Client         Client
	// RefreshToken is the administrator's refresh token at the start, as if the client had been approved with all
	// scopes; empty means none.
	RefreshToken string
}

// The customers of the seed.
const (
	customer      = "C03sim001" // example.com
	otherCustomer = "C03sim002" // example.org
)

// NewSeed returns the default seed: the administrator riva-sync@example.com, with the alias riva@example.com; ada (with
// an alias), grace and alan; a user without mail and calendar, one who is suspended and one who is archived; a user of
// another customer; a service account with all read scopes delegated; and an OAuth client. Each call returns a new
// seed, which the caller may change.
func NewSeed() (Seed, error) {
	key, err := firstKey()
	if err != nil {
		return Seed{}, fmt.Errorf("make the service account's key: %w", err)
	}
	number := 0
	user := func(customerID, email, given, family string, aliases ...string) User {
		number++
		return User{
			ID: fmt.Sprintf("1000000000000000005%02d", number), CustomerID: customerID, Email: email, Aliases: aliases,
			GivenName: given, FamilyName: family, Mail: true, Calendar: true,
		}
	}
	seed := Seed{
		Users: []User{
			user(customer, "riva-sync@example.com", "Riva", "Sync", "riva@example.com"),
			user(customer, "ada@example.com", "Ada", "Lovelace", "ada.lovelace@example.com"),
			user(customer, "grace@example.com", "Grace", "Hopper"),
			user(customer, "alan@example.com", "Alan", "Turing"),
			user(customer, "somebody@example.com", "Some", "Body"),
			user(customer, "no-mail@example.com", "No", "Mail"),
			user(customer, "left@example.com", "Left", "Already"),
			user(customer, "archived@example.com", "Archived", "Already"),
			user(otherCustomer, "riva-sync@example.org", "Riva", "Sync"),
		},
		ServiceAccount: ServiceAccount{
			Email: "riva@example-project.iam.gserviceaccount.com", ClientID: "100000000000000000042",
			ProjectID: "example-project", KeyID: newKeyID(), PrivateKey: key, Delegated: Scopes(),
		},
		Client: Client{
			ID: "5550001112-riva.apps.googleusercontent.com", Name: "Riva", Secret: "GOCSPX-" + rand.Text(), Desktop: true,
		},
		RefreshToken: newRefreshToken(),
	}
	for i := range seed.Users {
		switch u := &seed.Users[i]; u.Email {
		case "riva-sync@example.com", "riva-sync@example.org":
			u.Admin = true
		case "no-mail@example.com":
			u.Mail, u.Calendar = false, false
		case "left@example.com":
			u.Suspended = true
		case "archived@example.com":
			u.Archived = true
		}
	}
	return seed, nil
}

// clone returns a copy that does not share the lists.
func (a ServiceAccount) clone() ServiceAccount {
	a.Delegated, a.DisabledAPIs = slices.Clone(a.Delegated), slices.Clone(a.DisabledAPIs)
	return a
}

func newRefreshToken() string { return "1//0" + sandbox.Random(3) }
