package ews

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Domain is the NetBIOS name of the stand-in's domain, as in SIM\svc-riva.
const Domain = "SIM"

// DNSDomain is the DNS name of that domain and the domain of its email addresses.
const DNSDomain = "example.com"

// ErrNoAccount is the error for an account that does not exist.
var ErrNoAccount = fmt.Errorf("%w account", sandbox.ErrNotFound)

// Directory contains the accounts. It is safe for concurrent use. An account is found by address, alias, principal name,
// SIM\name or name.
type Directory struct {
	sandbox.Store[Account]
	now func() time.Time
}

// NewDirectory returns a directory. An account without a password gets a random one. An account without a principal
// name gets its address as principal name. After lockAfter rejected sign-ins in a row an account is locked; 0 means
// never.
func NewDirectory(accounts []Account, lockAfter int, now func() time.Time) (*Directory, error) {
	accounts = slices.Clone(accounts)
	for i := range accounts {
		account := &accounts[i]
		account.Principal = cmp.Or(account.Principal, account.Email)
		account.SID = cmp.Or(account.SID, fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1101+i))
		account.DisplayName = cmp.Or(account.DisplayName, account.Name)
	}
	d := &Directory{now: now}
	err := d.Init(sandbox.Accounts[Account]{
		Seed: accounts, Is: Account.is, Missing: ErrNoAccount, LockAfter: lockAfter, Check: Account.check,
		Password: func(a *Account) *string { return &a.Password },
		Clone: func(a Account) Account {
			a.Aliases, a.Delegates = slices.Clone(a.Aliases), maps.Clone(a.Delegates)
			return a
		},
	})
	return d, err
}

func (a Account) check() error {
	if a.Name == "" || !strings.Contains(a.Email, "@") {
		return errors.New("an account requires a name and an address")
	}
	return nil
}

// is reports whether the account has an address or a name.
func (a Account) is(user string) bool {
	domain, name, _ := strings.Cut(user, `\`)
	return a.hasAddress(user) || a.hasLogin("", user) || name != "" && a.hasLogin(domain, name)
}

// Reset restores the accounts at the start.
func (d *Directory) Reset() {
	d.Lock()
	defer d.Unlock()
	d.Restore()
}

// First returns the first account of the seed: the service account.
func (d *Directory) First() Account { return d.Service() }

// mailbox finds the mailbox with the address. It returns false for an unknown address, and for an address that several
// mailboxes have.
func (d *Directory) mailbox(address string) (Account, bool) {
	found := slices.DeleteFunc(d.Users(), func(a Account) bool { return !a.Mailbox || !a.hasAddress(address) })
	if len(found) != 1 {
		return Account{}, false
	}
	return found[0], true
}

// lookup finds the first matching account.
func (d *Directory) lookup(matches func(Account) bool) (Account, bool) {
	d.Lock()
	defer d.Unlock()
	found := d.FindFunc(matches)
	if found == nil {
		return Account{}, false
	}
	return *found, true
}

// Update changes an account, and ends the count of its rejected sign-ins.
func (d *Directory) Update(user string, change func(*Account)) error {
	return d.Store.Update(user, func(account *Account) {
		d.Accept(account.SID)
		change(account)
	})
}

// SignIn decides a sign-in with a password. It returns the account and, if the sign-in is rejected, the reason. The
// reason is for the record only.
func (d *Directory) SignIn(domain, name string, matches func(password string) bool) (Account, string) {
	d.Lock()
	defer d.Unlock()
	account := d.FindFunc(func(a Account) bool { return a.hasLogin(domain, name) })
	if account == nil {
		return Account{}, "unknown user"
	}
	switch {
	case account.Locked:
		return *account, "account locked"
	case !matches(account.Password):
		account.Locked = d.Reject(account.SID)
		return *account, "wrong password"
	case account.Disabled:
		return *account, "account disabled"
	case !account.PasswordExpires.IsZero() && !d.now().Before(account.PasswordExpires):
		return *account, "password expired"
	}
	d.Accept(account.SID)
	return *account, ""
}
