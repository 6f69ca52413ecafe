package office365

import (
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// Mailbox contains the settings of a mailbox in Microsoft 365.
type Mailbox struct {
	// Shared is set for a shared mailbox. Its account may not sign in.
	Shared bool `json:"shared"`
	// Blocked denies the app access over Graph: an application access policy, or the scope of the app's role in
	// Exchange.
	Blocked bool `json:"blocked"`
}

// user is a user of the tenant: the account in Entra, the account in Exchange, and the settings of the mailbox.
type user struct {
	entra.User

	account ews.Account // the zero value for a user without an account in Exchange
	mailbox Mailbox
}

// completeUser completes a user of Entra.
func (s *Server) completeUser(of entra.User) *user {
	u := &user{User: of}
	if account, err := s.Mailboxes.User(of.UPN); err == nil {
		u.account = account
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u.mailbox = s.state.mailboxes[strings.ToLower(of.UPN)]
	return u
}

// findUser finds a user as the directory does: by id or principal name; nil if the tenant has no such user.
func (s *Server) findUser(key string) *user {
	found, err := s.Entra.User(key)
	if err != nil || found.TenantID != s.Entra.Tenant().ID {
		return nil
	}
	return s.completeUser(found)
}

// findMailboxUser finds a user as Exchange does: also by an address.
func (s *Server) findMailboxUser(key string) *user {
	if found := s.findUser(key); found != nil || !strings.Contains(key, "@") {
		return found
	}
	account, err := s.Mailboxes.User(key)
	if err != nil {
		return nil
	}
	return s.findUser(account.Principal)
}

// users lists the users of the tenant.
func (s *Server) users() []*user {
	var all []*user
	for _, u := range s.Entra.Users() {
		if u.TenantID == s.Entra.Tenant().ID {
			all = append(all, s.completeUser(u))
		}
	}
	return all
}

// proxyAddresses returns the addresses in the form of the directory: the prefix of the primary one is in capitals.
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

// purpose returns Graph's value for the purpose of the mailbox.
func (u *user) purpose() string {
	if u.mailbox.Shared {
		return "shared"
	}
	return "user"
}

// allows reports whether the folders of a permission may be opened at all.
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
