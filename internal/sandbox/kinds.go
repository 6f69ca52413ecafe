package sandbox

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"time"
)

// The kinds that stand-ins serve themselves, at the step of the protocol where the failure happens: nearly all have them.
const (
	// KindDeep nests a response 100,000 levels deep.
	KindDeep Kind = "deep"
	// KindEcho returns an error whose text repeats the secrets of the call and of the fault.
	KindEcho Kind = "echo"
	// KindThrottled returns 429, or the error of the system for too many calls, with the wait.
	KindThrottled Kind = "throttled"
)

// Deep is a response that is nested deeper than a careful client reads.
func Deep() Fault { return Fault{Kind: KindDeep} }

// Echo is an error text that repeats secrets.
func Echo() Fault { return Fault{Kind: KindEcho} }

// Throttled is a system, or a proxy in front of it, that asks clients to slow down.
func Throttled(wait time.Duration) Fault { return Fault{Kind: KindThrottled}.Wait(wait) }

// Rule checks the data of a fault. A nil rule accepts all.
type Rule func(Fault) error

// Kinds are the kinds of fault that a system serves, with their rules.
type Kinds map[Kind]Rule

// With returns the kinds together with those of a part of the system, such as a directory.
func (k Kinds) With(part Kinds) Kinds {
	all := maps.Clone(k)
	maps.Copy(all, part)
	return all
}

// check returns an error for an invalid fault, or for one of another kind.
func (k Kinds) check(f Fault) error {
	rule, known := k[f.Kind]
	switch {
	case !known:
		return fmt.Errorf("unknown kind of fault %q", f.Kind)
	case rule == nil:
		return nil
	}
	return rule(f)
}

// NeedsCode is the rule for a fault whose code matches form, and whose status, if it has one, is that of an error. codes
// describes the valid codes in the error.
func NeedsCode(form *regexp.Regexp, codes string) Rule {
	return func(f Fault) error {
		if !form.MatchString(f.Code) {
			return fmt.Errorf("fault %q requires %s, not %q", f.Kind, codes, f.Code)
		}
		return MayHaveStatus(f)
	}
}

// MayHaveStatus is the rule for a fault whose status, if it has one, is that of an error.
func MayHaveStatus(f Fault) error {
	if f.Status == 0 {
		return nil
	}
	return NeedsStatus(f)
}

// NeedsStatus is the rule for a fault with the status of an error.
func NeedsStatus(f Fault) error { return f.RequireStatus(http.StatusBadRequest) }

// NeedsMessage is the rule for a fault with a message and, perhaps, the status of an error.
func NeedsMessage(f Fault) error {
	if f.Message == "" {
		return fmt.Errorf("fault %q requires a message", f.Kind)
	}
	return MayHaveStatus(f)
}

// BeforeSignIn is the rule for a fault that happens before the account is known, and that another rule, or nil, checks
// as well.
func BeforeSignIn(rule Rule) Rule {
	return func(f Fault) error {
		var err error
		if rule != nil {
			err = rule(f)
		}
		return cmp.Or(err, f.CheckNoAccount())
	}
}

// RequireStatus returns an error if the fault's status is not between from and 599.
func (f Fault) RequireStatus(from int) error {
	if f.Status < from || f.Status > 599 {
		return fmt.Errorf("fault %q requires a status from %d to 599, not %d", f.Kind, from, f.Status)
	}
	return nil
}

// CheckNoAccount returns an error for a fault that is limited to an account although it happens before the sign-in.
func (f Fault) CheckNoAccount() error {
	if f.Account != "" {
		return fmt.Errorf("fault %q happens before the sign-in, so it cannot be limited to an account", f.Kind)
	}
	return nil
}
