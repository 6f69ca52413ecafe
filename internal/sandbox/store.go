package sandbox

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// Accounts describes the accounts of a stand-in.
type Accounts[A any] struct {
	// Seed are the accounts at the start. The first is the service account.
	Seed []A
	// Label is the name of the list in the state of the stand-in; empty means "users".
	Label string
	// Is reports whether a name belongs to the account.
	Is func(account A, name string) bool
	// Missing is the error for a name without an account. It wraps [ErrNotFound].
	Missing error
	// Clone copies the lists and maps of an account; nil means that it has none.
	Clone func(A) A
	// Password is the password of an account. An account without one gets a random one. It is nil for a system without
	// passwords.
	Password func(*A) *string
	// LockAfter locks an account after this number of rejected sign-ins in a row; 0 means never.
	LockAfter int
	// Check returns an error for an invalid account, of the seed or after a change; nil means that all are valid.
	Check func(A) error
}

// prepare returns the accounts at the start, with their passwords.
func (a Accounts[A]) prepare() ([]A, error) {
	if len(a.Seed) == 0 {
		return nil, errors.New("a seed requires an account")
	}
	list := slices.Clone(a.Seed)
	for i := range list {
		if a.Password != nil {
			password := a.Password(&list[i])
			*password = cmp.Or(*password, rand.Text())
		}
		if a.Check == nil {
			continue
		}
		if err := a.Check(list[i]); err != nil {
			return nil, fmt.Errorf("account %d: %w", i+1, err)
		}
	}
	return list, nil
}

// Store keeps accounts and the lock of a stand-in's state. Its methods are safe for concurrent use, except for
// [Store.Find], [Store.FindFunc], [Store.All], [Store.Reject], [Store.Accept] and [Store.Restore]: they are for calls and
// resets, which hold the lock.
type Store[A any] struct {
	mu         sync.Mutex
	accounts   Accounts[A]
	list       []A
	rejections map[string]int // in a row, by account
}

// Init sets the accounts at the start, and restores them.
func (s *Store[A]) Init(accounts Accounts[A]) error {
	var err error
	if accounts.Seed, err = accounts.prepare(); err != nil {
		return err
	}
	s.accounts = accounts
	s.Restore()
	return nil
}

// Restore restores the accounts at the start.
func (s *Store[A]) Restore() { s.list, s.rejections = s.clone(s.accounts.Seed), map[string]int{} }

// Lock takes the lock of the state.
func (s *Store[A]) Lock() { s.mu.Lock() }

// Unlock releases the lock of the state.
func (s *Store[A]) Unlock() { s.mu.Unlock() }

func (s *Store[A]) clone(list []A) []A {
	list = slices.Clone(list)
	for i := range list {
		if s.accounts.Clone != nil {
			list[i] = s.accounts.Clone(list[i])
		}
	}
	return list
}

// Users lists the accounts, with their passwords.
func (s *Store[A]) Users() []A {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clone(s.list)
}

// Service returns the first account: the service account, with its password.
func (s *Store[A]) Service() A { return s.Users()[0] }

// User finds an account by name.
func (s *Store[A]) User(name string) (A, error) {
	var found A
	return found, s.Update(name, func(account *A) { found = *account })
}

// Update changes an account, found by name. It keeps the old one if the new one is invalid.
func (s *Store[A]) Update(name string, change func(*A)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	account := s.Find(name)
	if account == nil {
		return fmt.Errorf("%w: %q", s.accounts.Missing, name)
	}
	changed := *account
	change(&changed)
	if s.accounts.Check != nil {
		if err := s.accounts.Check(changed); err != nil {
			return err
		}
	}
	*account = changed
	return nil
}

// ForUser calls act with the account that a name finds, or with nil for an empty name: all accounts.
func (s *Store[A]) ForUser(name string, act func(account *A)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if name == "" {
		act(nil)
		return nil
	}
	return Change(s.Find(name), s.accounts.Missing, name, act)
}

// SetPassword changes the password of an account.
func (s *Store[A]) SetPassword(name, password string) error {
	return s.Update(name, func(account *A) { *s.accounts.Password(account) = password })
}

// ChangePassword gives the service account another password, and returns it as the value of a variable.
func (s *Store[A]) ChangePassword(variable string) []Variable {
	s.mu.Lock()
	defer s.mu.Unlock()
	password := rand.Text()
	*s.accounts.Password(&s.list[0]) = password
	return []Variable{{Name: variable, Value: password, Secret: true}}
}

// Remove deletes an account, found by name.
func (s *Store[A]) Remove(name string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.Find(name) == nil {
		return fmt.Errorf("%w: %q", s.accounts.Missing, name)
	}
	s.list = slices.DeleteFunc(s.list, func(account A) bool { return s.accounts.Is(account, name) })
	return nil
}

// Find returns the account with a name; nil if none has it.
func (s *Store[A]) Find(name string) *A {
	return s.FindFunc(func(account A) bool { return s.accounts.Is(account, name) })
}

// FindFunc returns the first account that matches; nil if none does.
func (s *Store[A]) FindFunc(matches func(A) bool) *A { return Find(s.list, matches) }

// All are the accounts themselves, for calls.
func (s *Store[A]) All() []A { return s.list }

// Reject counts a rejected sign-in of an account, and reports whether it is one too many, so that the account is locked.
func (s *Store[A]) Reject(account string) (locked bool) {
	s.rejections[account]++
	return s.accounts.LockAfter > 0 && s.rejections[account] >= s.accounts.LockAfter
}

// Accept ends the count of rejected sign-ins of an account.
func (s *Store[A]) Accept(account string) { delete(s.rejections, account) }

// Read returns a part of a state.
func Read[T any](lock sync.Locker, part *T) T {
	lock.Lock()
	defer lock.Unlock()
	return *part
}

// Write changes a part of a state.
func Write[T any](lock sync.Locker, part *T, change func(*T)) {
	lock.Lock()
	defer lock.Unlock()
	change(part)
}

// WriteChecked changes a part of a state unless check returns an error for the result.
func WriteChecked[T any](lock sync.Locker, part *T, change func(*T), check func(T) error) error {
	lock.Lock()
	defer lock.Unlock()
	changed := *part
	change(&changed)
	if err := check(changed); err != nil {
		return err
	}
	*part = changed
	return nil
}
