package office365

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// Seed is the state of a stand-in at the start.
type Seed struct {
	// Entra contains the users, the first of them the service user, and the app registration. Its Resources are set by
	// the stand-in.
	Entra entra.Seed
	// Accounts are the mailboxes of the users, by principal name.
	Accounts []ews.Account
	// Mailboxes are the settings of mailboxes, by principal name.
	Mailboxes map[string]Mailbox
	Tenant    Tenant
}

// NewSeed returns the default seed: the tenants and users of [entra.NewSeed], each user of the first tenant with a
// mailbox, team@example.com as an address of two of them, and the shared mailbox reception@example.com. The app has
// application and delegated permissions to read and write all mailboxes, granted by an administrator, and the service user
// may open all of them.
// Each call returns a new seed, which the caller may change.
func NewSeed() (Seed, error) {
	directory, err := entra.NewSeed()
	if err != nil {
		return Seed{}, err
	}
	directory.Users = append(directory.Users, entra.User{
		ID: uuid.NewString(), TenantID: entra.TenantID, UPN: "reception@example.com", Name: "Reception",
	})
	directory.Apps[0].Consents = map[string]entra.Consent{
		graphID: {
			Roles: []string{
				"User.Read.All", "Organization.Read.All", "Mail.ReadWrite", "Calendars.ReadWrite", "Contacts.ReadWrite",
				"MailboxSettings.Read",
			},
			Scopes: []string{
				"User.Read", "User.Read.All", "Mail.ReadWrite", "Mail.ReadWrite.Shared", "Calendars.ReadWrite",
				"Calendars.ReadWrite.Shared", "Contacts.ReadWrite", "Contacts.ReadWrite.Shared", "MailboxSettings.Read",
			},
		},
		exchangeID: {Roles: []string{"full_access_as_app"}, Scopes: []string{"EWS.AccessAsUser.All"}},
	}
	directory.Apps[0].Permissions = map[string][]string{}
	for api, consent := range directory.Apps[0].Consents {
		directory.Apps[0].Permissions[api] = consent.Scopes
	}
	seed := Seed{
		Entra: directory, Tenant: Tenant{EWSEnabled: true},
		Mailboxes: map[string]Mailbox{"reception@example.com": {Shared: true}},
	}
	for i, u := range directory.Users {
		if u.TenantID != entra.TenantID {
			continue
		}
		name, _, _ := strings.Cut(u.UPN, "@")
		account := ews.NewAccount(name, u.Name)
		account.Principal, account.FullAccess = u.UPN, i == 0
		if slices.Contains([]string{"team.one", "team.two"}, name) {
			account.Aliases = []string{"team@example.com"}
		}
		seed.Accounts = append(seed.Accounts, account)
	}
	return seed, nil
}
