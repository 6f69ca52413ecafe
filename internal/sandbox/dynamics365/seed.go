package dynamics365

import (
	"fmt"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// ErrNoUser is the error for a user that does not exist.
var ErrNoUser = fmt.Errorf("%w user", sandbox.ErrNotFound)

// Organization is the organization of an environment.
type Organization struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Version string `json:"version"`
	// Resource is the address that the environment accepts tokens for; empty means its own. Another address represents
	// an environment that was renamed or is called by an alias.
	Resource string `json:"resource"`
	// TenantID is the tenant of the organization.
	TenantID string `json:"tenant_id"`
	// IgnoresCaller ignores the headers that make a call act as another user.
	IgnoresCaller bool `json:"ignores_caller"`
}

// User is a user of an environment.
type User struct {
	ID       string `json:"id"`
	FullName string `json:"full_name"`
	Username string `json:"username"` // domainname
	Email    string `json:"email"`
	// ObjectID is the id of the user, or of the enterprise application, in Entra; empty for a user that exists only
	// here.
	ObjectID string `json:"object_id"`
	// ApplicationID is set for an application user.
	ApplicationID string `json:"application_id"`
	Disabled      bool   `json:"disabled"`
	Licensed      bool   `json:"licensed"`
	// ActOnBehalf is prvActOnBehalfOfAnotherUser, a privilege of the role Delegate.
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

// Seed is the state of a stand-in at the start.
type Seed struct {
	Organization Organization
	// Users are the users. The first is the application user.
	Users []User
	// Entra is the directory.
	Entra entra.Seed
}

// NewSeed returns the default seed: [entra.NewSeed], and an environment of its first tenant with an application user
// for its app, the users of the tenant, two who share an address, and one who has left. Each call returns a new seed.
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

// NewUser returns a normal user, who may read all tables.
func NewUser(username, name string) User {
	return User{
		ID: uuid.NewString(), FullName: name, Username: username, Email: username, Licensed: true,
		ReadUsers: true, ReadOrganization: true, ReadContacts: true, ReadActivities: true, ReadEntities: true,
	}
}

// row returns the user as a row of systemusers.
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
