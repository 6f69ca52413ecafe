package ews

import (
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Domain is the NetBIOS name of the stand-in's domain, as in SIM\svc-riva.
const Domain = "SIM"

// DNSDomain is the DNS name of that domain and the domain of its email addresses.
const DNSDomain = "example.com"

// ErrNoAccount is the error for an account that does not exist.
var ErrNoAccount = fmt.Errorf("%w account", sandbox.ErrNotFound)

// Directory contains the accounts, with their current state and their state at the start. It is safe for concurrent
// use.
type Directory struct {
	lockAfter int
	now       func() time.Time

	mu         sync.Mutex
	accounts   []*Account
	rejections map[*Account]int // in a row
	seed       []Account
}

// NewDirectory returns a directory. An account without a password gets a random one. An account without a principal
// name gets its address as principal name. After lockAfter rejected sign-ins in a row an account is locked; 0 means
// never.
func NewDirectory(accounts []Account, lockAfter int, now func() time.Time) (*Directory, error) {
	d := &Directory{lockAfter: lockAfter, now: now}
	for i, account := range accounts {
		if account.Name == "" || !strings.Contains(account.Email, "@") {
			return nil, fmt.Errorf("account %d requires a name and an address", i+1)
		}
		if account.Password == "" {
			account.Password = rand.Text()
		}
		if account.Principal == "" {
			account.Principal = account.Email
		}
		if account.SID == "" {
			account.SID = fmt.Sprintf("S-1-5-21-1004336348-1177238915-682003330-%d", 1101+i)
		}
		if account.DisplayName == "" {
			account.DisplayName = account.Name
		}
		d.seed = append(d.seed, account)
	}
	d.Reset()
	return d, nil
}

// Reset restores the accounts at the start.
func (d *Directory) Reset() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.accounts, d.rejections = nil, map[*Account]int{}
	for _, account := range d.seed {
		account.Aliases, account.Delegates = slices.Clone(account.Aliases), maps.Clone(account.Delegates)
		d.accounts = append(d.accounts, &account)
	}
}

// find looks up an account by address, alias, principal name, SIM
// ame or name.
func (d *Directory) find(user string) *Account {
	for _, account := range d.accounts {
		if account.hasAddress(user) || account.hasLogin("", user) {
			return account
		}
	}
	if domain, name, ok := strings.Cut(user, `\`); ok {
		return d.findLogin(domain, name)
	}
	return nil
}

// findLogin looks up an account by the domain and name of a sign-in.
func (d *Directory) findLogin(domain, name string) *Account {
	for _, account := range d.accounts {
		if account.hasLogin(domain, name) {
			return account
		}
	}
	return nil
}

// Get finds an account by address, alias, principal name or name, with its password. The error is [ErrNoAccount].
func (d *Directory) Get(user string) (Account, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	account := d.find(user)
	if account == nil {
		return Account{}, fmt.Errorf("%w: %q", ErrNoAccount, user)
	}
	return *account, nil
}

// mailbox finds the mailbox with the address. It returns false for an unknown address, and for an address that several
// mailboxes have.
func (d *Directory) mailbox(address string) (Account, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	var found []*Account
	for _, account := range d.accounts {
		if account.Mailbox && account.hasAddress(address) {
			found = append(found, account)
		}
	}
	if len(found) != 1 {
		return Account{}, false
	}
	return *found[0], true
}

// lookup finds the first matching account.
func (d *Directory) lookup(matches func(*Account) bool) (Account, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, account := range d.accounts {
		if matches(account) {
			return *account, true
		}
	}
	return Account{}, false
}

// List returns all accounts, with their passwords.
func (d *Directory) List() []Account {
	d.mu.Lock()
	defer d.mu.Unlock()
	accounts := make([]Account, len(d.accounts))
	for i, account := range d.accounts {
		accounts[i] = *account
	}
	return accounts
}

// First returns the first account of the seed: the service account.
func (d *Directory) First() Account { return d.List()[0] }

// Update changes an account that [Directory.Get] finds.
func (d *Directory) Update(user string, change func(*Account)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	account := d.find(user)
	if account == nil {
		return fmt.Errorf("%w: %q", ErrNoAccount, user)
	}
	change(account)
	d.rejections[account] = 0
	return nil
}

// SignIn decides a sign-in with a password. It returns the account and, if the sign-in is rejected, the reason. The
// reason is for the record only.
func (d *Directory) SignIn(domain, name string, matches func(password string) bool) (Account, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	account := d.findLogin(domain, name)
	if account == nil {
		return Account{}, "unknown user"
	}
	switch {
	case account.Locked:
		return *account, "account locked"
	case !matches(account.Password):
		d.rejections[account]++
		if d.lockAfter > 0 && d.rejections[account] >= d.lockAfter {
			account.Locked = true
		}
		return *account, "wrong password"
	case account.Disabled:
		return *account, "account disabled"
	case !account.PasswordExpires.IsZero() && !d.now().Before(account.PasswordExpires):
		return *account, "password expired"
	}
	d.rejections[account] = 0
	return *account, ""
}
