package sandbox

import (
	"cmp"
	"maps"
	"time"
)

// TwinOptions configures a stand-in. The zero value is a plain HTTP server on free ports with the default seed of the
// stand-in.
type TwinOptions[Seed any] struct {
	Options
	// Seed is the state at the start; nil means the default seed.
	Seed *Seed
	// LockAfter locks an account after this number of rejected sign-ins in a row; 0 means never. It is for systems that
	// lock accounts.
	LockAfter int
	// Now is the clock; nil means the real one.
	Now func() time.Time
}

// Twin is a stand-in without its protocol: the server, the accounts, their lock, and a clock. A stand-in embeds it and
// adds the rest of its state, which the same lock guards. A is the type of the accounts.
type Twin[A any] struct {
	*Host
	Store[A]
	// Now is the clock.
	Now func() time.Time
}

// StartTwin starts the server of a twin. The state is restored before the first call: the accounts first, then the rest
// by system.Restore.
func StartTwin[A, Seed any](t *Twin[A], options TwinOptions[Seed], accounts Accounts[A], system System) error {
	t.Now = Clock(options.Now)
	accounts.LockAfter = options.LockAfter
	if err := t.Store.Init(accounts); err != nil {
		return err
	}
	restore := system.Restore
	system.Lock = t
	system.Restore = func() {
		t.Store.Restore()
		if restore != nil {
			restore()
		}
	}
	var err error
	t.Host, err = Start(options.Options, system)
	return err
}

// State describes the stand-in, without secrets.
func (t *Twin[A]) State() any { return t.Describe(nil) }

// Describe describes the stand-in: what all stand-ins have, its accounts, and more.
func (t *Twin[A]) Describe(more map[string]any) map[string]any {
	state := t.Host.Describe(more)
	state[cmp.Or(t.accounts.Label, "users")] = t.Users()
	return state
}

// Describe describes what all stand-ins have: the address, whether it is up, faults and sign-ins; and more.
func (h *Host) Describe(more map[string]any) map[string]any {
	state := map[string]any{"url": h.URL(), "up": h.IsUp(), "faults": h.Pending(), "sign_ins": h.SignIns()}
	maps.Copy(state, more)
	return state
}
