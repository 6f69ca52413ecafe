package ews

// Seed is the accounts of a stand-in that is told no others: a service account that may impersonate, and three users.
// Each call gives new ones, to change as needed.
func Seed() []Account {
	service := NewAccount("svc-riva", "Riva Service Account")
	service.Impersonation = true
	service.Aliases = []string{"riva@example.com"}
	return []Account{
		service,
		NewAccount("ada", "Ada Lovelace"), NewAccount("grace", "Grace Hopper"), NewAccount("alan", "Alan Turing"),
	}
}

// NewAccount is a usual account: the address name@example.com, a mailbox that may be opened, no right on others.
func NewAccount(name, displayName string) Account {
	return Account{
		Name: name, Email: name + "@" + DNSDomain, DisplayName: displayName,
		Mailbox: true, Calendar: true, Contacts: true, Mail: true,
	}
}
