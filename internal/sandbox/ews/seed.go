package ews

// Seed returns the default accounts: a service account that may impersonate, and three users. Each call returns new
// accounts, which the caller may change.
func Seed() []Account {
	service := NewAccount("svc-riva", "Riva Service Account")
	service.Impersonation = true
	service.Aliases = []string{"riva@example.com"}
	return []Account{
		service,
		NewAccount("ada", "Ada Lovelace"), NewAccount("grace", "Grace Hopper"), NewAccount("alan", "Alan Turing"),
	}
}

// NewAccount returns a normal account: the address name@example.com, a mailbox that may be opened, no rights for other
// mailboxes.
func NewAccount(name, displayName string) Account {
	return Account{
		Name: name, Email: name + "@" + DNSDomain, DisplayName: displayName,
		Mailbox: true, Calendar: true, Contacts: true, Mail: true,
	}
}
