package call

import (
	"fmt"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// UserNotFoundFault is the fault of a user who is not there, or not the only one.
func UserNotFoundFault(format string, args ...any) *target.Fault {
	return &target.Fault{Code: target.UserNotFound, Message: fmt.Sprintf(format, args...)}
}

// MatchedUser is what a system tells of a user whom it found by an address.
type MatchedUser struct {
	// Name is how people know the user.
	Name string
	// Address is the user's.
	Address string
	// State is what the user is who is not active, such as "locked"; empty for who is.
	State string
}

// SingleActiveUser is the one active user of those whom a system found by an address. Kind is what the system calls users, such as
// "employee". A system that did not search as it was asked to has no say in who a user is: others than those with the
// address do not count. The error is a *[Fault].
func SingleActiveUser[U any](kind, email string, found []U, match func(U) MatchedUser) (U, error) {
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
