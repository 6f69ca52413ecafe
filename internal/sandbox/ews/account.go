package ews

import (
	"slices"
	"strings"
	"time"
)

// Account is an account of the directory, with its mailbox.
type Account struct {
	Name        string `json:"name"`  // as in SIM\name
	Email       string `json:"email"` // the primary SMTP address
	DisplayName string `json:"display_name"`
	// Principal is the user principal name; empty means the address at the start.
	Principal string   `json:"principal"`
	Aliases   []string `json:"aliases,omitempty"` // further SMTP addresses
	SID       string   `json:"sid"`               // generated if empty

	Password        string    `json:"-" patch:"password"`
	PasswordExpires time.Time `json:"password_expires,omitzero"` // zero: never
	Locked          bool      `json:"locked"`
	Disabled        bool      `json:"disabled"`

	Mailbox bool `json:"mailbox"` // an unlicensed user has no mailbox

	// Impersonation is the right to act as any other user (the role ApplicationImpersonation).
	Impersonation bool `json:"impersonation"`
	// FullAccess is the right to open the folders of any other mailbox without impersonation.
	FullAccess bool `json:"full_access"`
	// Delegates are the names of the accounts that may open folders of this mailbox without impersonation, and the
	// distinguished names of these folders; "*" means all of them.
	Delegates map[string][]string `json:"delegates,omitempty"`
	// Calendar, Contacts and Mail allow opening these folders: those of the account's own mailbox for all callers, and
	// those of any mailbox for the account.
	Calendar bool `json:"calendar"`
	Contacts bool `json:"contacts"`
	Mail     bool `json:"mail"`
}

// Login returns the account's name with its domain.
func (a Account) Login() string { return Domain + `\` + a.Name }

// hasLogin reports whether the account signs in with this domain and name. Without a domain, it is the server's own.
func (a Account) hasLogin(domain, name string) bool {
	if strings.EqualFold(name, a.Principal) {
		return true
	}
	own := domain == "" || strings.EqualFold(domain, Domain) || strings.EqualFold(domain, DNSDomain)
	return own && strings.EqualFold(name, a.Name)
}

// allowsDelegate reports whether another account may open a folder of this account's mailbox.
func (a Account) allowsDelegate(caller Account, folder string) bool {
	if caller.FullAccess {
		return true
	}
	for name, folders := range a.Delegates {
		if strings.EqualFold(name, caller.Name) || caller.hasAddress(name) {
			return slices.Contains(folders, "*") || slices.Contains(folders, folder)
		}
	}
	return false
}

// hasAddress reports whether the address belongs to the account.
func (a Account) hasAddress(address string) bool {
	return strings.EqualFold(address, a.Email) ||
		slices.ContainsFunc(a.Aliases, func(alias string) bool { return strings.EqualFold(address, alias) })
}
