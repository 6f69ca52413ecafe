package call

import (
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// UserNotFoundFault makes the fault of a user who does not exist, or who is not the only match; for its arguments see
// [target.Say].
func UserNotFoundFault(format target.Own, args ...any) *target.Fault {
	return &target.Fault{Code: target.UserNotFound, Message: target.Say(format, args...)}
}

// MatchedUser is what a system returns about a user that it found by an address.
type MatchedUser struct {
	// Name is the display name or the user name.
	Name string
	// Address is the user's email address.
	Address string
	// State is why the user is not active, such as "locked"; empty for an active user.
	State string
}

// SingleActiveUser returns the one active user among those that a system found by an address. Kind is what the system calls
// users, such as "employee". Users with another address are ignored, in case the system did not search as requested. The error
// is a *[target.Fault].
func SingleActiveUser[U any](kind target.Own, email string, found []U, match func(U) MatchedUser) (U, error) {
	var none U
	found = slices.DeleteFunc(slices.Clone(found), func(u U) bool { return !strings.EqualFold(match(u).Address, email) })
	active := slices.DeleteFunc(slices.Clone(found), func(u U) bool { return match(u).State != "" })
	switch {
	case len(found) == 0:
		return none, UserNotFoundFault("No %s has the address %s.", kind, email)
	case len(active) == 0:
		first := match(found[0])
		return none, UserNotFoundFault("The %s %s with the address %s is %s.", kind, first.Name, email, first.State)
	case len(active) > 1:
		return none, UserNotFoundFault("%d active %ss match %s: %s and %s, for example.",
			len(active), kind, email, match(active[0]).Name, match(active[1]).Name)
	}
	return active[0], nil
}
