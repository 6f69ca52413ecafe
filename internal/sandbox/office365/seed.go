package office365

import (
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// Seed is what a stand-in starts with.
type Seed struct {
	// Entra has the users, the first being the service user, and the app registration. Its Resources are the stand-in's.
	Entra entra.Seed
	// Accounts are the mailboxes, for users by their principal names.
	Accounts []ews.Account
	// Mailboxes are what is known of mailboxes besides, by principal names.
	Mailboxes map[string]Mailbox
	Tenant    Tenant
}

// NewSeed is the seed of a stand-in that is told no other: the tenants and users of [entra.NewSeed], each user of the first
// tenant with a mailbox, team@example.com being an address of two of them, and the shared mailbox reception@example.com.
// The app has application and delegated permissions to read and write all of it, and the service user may open all
// mailboxes. Each call gives a new one, to change as needed.
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
