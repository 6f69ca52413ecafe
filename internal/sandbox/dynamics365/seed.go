package dynamics365

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// ErrNoUser is an order that names a user who does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// Organization is the organisation of an environment.
type Organization struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// Resource is the address that the environment takes tokens for; empty for its own. Another one is an environment that
	// was renamed, or is called by an alias.
	Resource string `json:"resource"`
	// TenantID is the tenant that it says to belong to.
	TenantID string `json:"tenant_id"`
	// IgnoresCaller leaves the headers alone that make a call one of somebody else.
	IgnoresCaller bool `json:"ignores_caller"`
}

// User is one user of an environment.
type User struct {
	ID       string `json:"id"`
	FullName string `json:"full_name"`
	Username string `json:"username"` // domainname
	Email    string `json:"email"`
	// ObjectID is the user's, or the enterprise application's, in Entra; empty for a user who is only here.
	ObjectID string `json:"object_id"`
	// ApplicationID makes an application user.
	ApplicationID string `json:"application_id"`
	Disabled      bool   `json:"disabled"`
	Licensed      bool   `json:"licensed"`
	// ActOnBehalf is prvActOnBehalfOfAnotherUser, of the role Delegate.
	ActOnBehalf bool `json:"act_on_behalf"`
	// The privileges to read tables.
	ReadUsers        bool `json:"read_users"`
	ReadOrganization bool `json:"read_organization"`
	ReadContacts     bool `json:"read_contacts"`
	ReadActivities   bool `json:"read_activities"`
	ReadEntities     bool `json:"read_entities"`
}

// row is a row of a table: columns by name.
type row map[string]any

// Seed is what a stand-in starts with.
type Seed struct {
	Organization Organization
	// Users are everybody; the first is the application user.
	Users []User
	// Entra is the directory.
	Entra entra.Seed
}

// NewSeed is the seed of a stand-in that is told no other: Entra's [entra.NewSeed], an environment of its first tenant,
// and there an application user for its app, the people of the tenant, two who share an address, and one who has left.
// Each call gives a new one.
func NewSeed() (Seed, error) {
	directory, err := entra.NewSeed()
	if err != nil {
		return Seed{}, err
	}
	app := directory.Apps[0]
	service := NewUser("riva@example.com", "# Riva")
	service.ObjectID, service.ApplicationID, service.ActOnBehalf = app.ObjectID, app.ClientID, true
	seed := Seed{
		Organization: Organization{
			ID: "5a4d0000-7e4a-4000-8000-00000000c001", Name: "Example", Version: "9.2.24104.00170", TenantID: entra.TenantID,
		},
		Users: []User{service},
		Entra: directory,
	}
	for _, person := range directory.Users {
		if person.TenantID != entra.TenantID {
			continue
		}
		user := NewUser(person.UPN, person.Name)
		user.ObjectID, user.Disabled = person.ID, !person.Enabled
		if strings.HasPrefix(person.UPN, "team.") {
			user.Email = "team@example.com"
		}
		seed.Users = append(seed.Users, user)
	}
	return seed, nil
}

// NewUser is a usual user, who may read everything.
func NewUser(username, name string) User {
	return User{
		ID: uuid.NewString(), FullName: name, Username: username, Email: username, Licensed: true,
		ReadUsers: true, ReadOrganization: true, ReadContacts: true, ReadActivities: true, ReadEntities: true,
	}
}

// state is everything that changes. It needs the server's lock.
type state struct {
	organization Organization
	users        []User
	rows         map[string][]row // by entity set, those of users and organisation excepted
	tables       []row            // EntityDefinitions
}

func newState(seed Seed) *state {
	s := &state{organization: seed.Organization, users: slices.Clone(seed.Users), rows: map[string][]row{}, tables: tables()}
	for i, u := range s.users {
		number := string(rune('A' + i%26))
		created := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC).Format(time.RFC3339)
		s.rows["contacts"] = append(s.rows["contacts"], row{
			"contactid": uuid.NewString(), "fullname": "Contact " + number, "emailaddress1": "contact@example.org",
			"_ownerid_value": u.ID, "createdon": created,
		})
		s.rows["appointments"] = append(s.rows["appointments"], row{
			"activityid": uuid.NewString(), "subject": "Meeting " + number, "_ownerid_value": u.ID, "createdon": created,
		})
		s.rows["emails"] = append(s.rows["emails"], row{
			"activityid": uuid.NewString(), "subject": "Message " + number, "_ownerid_value": u.ID, "createdon": created,
		})
		s.rows["accounts"] = append(s.rows["accounts"], row{
			"accountid": uuid.NewString(), "name": "Account " + number, "_ownerid_value": u.ID, "createdon": created,
		})
	}
	return s
}

func (s *state) user(name string) *User {
	return s.find(func(u User) bool { return strings.EqualFold(u.Username, name) })
}

func (s *state) find(fits func(User) bool) *User {
	return sandbox.Find(s.users, fits)
}

// row is the user as a row of systemusers.
func (u User) row() row {
	null := func(text string) any {
		if text == "" {
			return nil
		}
		return text
	}
	return row{
		"systemuserid": u.ID, "ownerid": u.ID, "fullname": u.FullName, "domainname": u.Username, "internalemailaddress": u.Email,
		"isdisabled": u.Disabled, "islicensed": u.Licensed, "applicationid": null(u.ApplicationID),
		"azureactivedirectoryobjectid": null(u.ObjectID), "accessmode": 0,
	}
}
