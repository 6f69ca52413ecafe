package office365

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// Mailbox is what Microsoft 365 knows of a mailbox beside what is in it.
type Mailbox struct {
	// Shared is whether it is a shared mailbox, which is nobody's own. The account behind it may not sign in.
	Shared bool `json:"shared"`
	// Blocked keeps the app from it over Graph: an application access policy, or the scope of the app's role in Exchange.
	Blocked bool `json:"blocked"`
}

// user is a user of the tenant: the account in Entra, the mailbox in Exchange, and what is known of it here.
type user struct {
	entra.User

	account ews.Account // the zero value for somebody without an account in Exchange
	mailbox Mailbox
}

// user completes an account of Entra.
func (s *Server) user(of entra.User) *user {
	u := &user{User: of}
	if account, err := s.Mailboxes.Get(of.UPN); err == nil {
		u.account = account
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u.mailbox = s.state.mailboxes[strings.ToLower(of.UPN)]
	return u
}

// named finds a user as the directory does: by id or principal name; nil if there is none in the tenant.
func (s *Server) named(key string) *user {
	found, err := s.Entra.User(key)
	if err != nil || found.TenantID != s.Entra.Tenant().ID {
		return nil
	}
	return s.user(found)
}

// reached finds a user as Exchange does: by an address as well.
func (s *Server) reached(key string) *user {
	if found := s.named(key); found != nil || !strings.Contains(key, "@") {
		return found
	}
	account, err := s.Mailboxes.Get(key)
	if err != nil {
		return nil
	}
	return s.named(account.Principal)
}

// users lists the tenant's users.
func (s *Server) users() []*user {
	var all []*user
	for _, u := range s.Entra.Users() {
		if u.TenantID == s.Entra.Tenant().ID {
			all = append(all, s.user(u))
		}
	}
	return all
}

// proxyAddresses are the addresses as the directory lists them: the primary one in capitals.
func (u *user) proxyAddresses() []string {
	addresses := []string{}
	if u.account.Email != "" {
		addresses = append(addresses, "SMTP:"+u.account.Email)
	}
	for _, alias := range u.account.Aliases {
		addresses = append(addresses, "smtp:"+alias)
	}
	return addresses
}

// purpose is Graph's word for what the mailbox is for.
func (u *user) purpose() string {
	if u.mailbox.Shared {
		return "shared"
	}
	return "user"
}

// allows tells whether the folders that a right is about may be opened at all.
func (u *user) allows(right string) bool {
	switch right {
	case "Mail":
		return u.account.Mail
	case "Calendars":
		return u.account.Calendar
	case "Contacts":
		return u.account.Contacts
	}
	return true
}
