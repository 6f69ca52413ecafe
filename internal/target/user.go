package target

import (
	"fmt"
	"slices"
)

// NoUser is the fault of a user who is not there, or not the only one.
func NoUser(format string, args ...any) *Fault {
	return &Fault{Code: UserNotFound, Message: fmt.Sprintf(format, args...)}
}

// OneUser is the one active user of those whom a system found by an address. Kind is what the system calls users, such as
// "employee"; name is how people know one; state says what one is who is not active, such as "locked", and is empty for
// who is. The error is a *[Fault].
func OneUser[U any](kind, email string, found []U, name, state func(U) string) (U, error) {
	var nobody U
	active := slices.DeleteFunc(slices.Clone(found), func(u U) bool { return state(u) != "" })
	switch {
	case len(found) == 0:
		return nobody, NoUser("No %s has the address %s.", kind, email)
	case len(active) == 0:
		return nobody, NoUser("The %s %s with the address %s is %s.", kind, name(found[0]), email, state(found[0]))
	case len(active) > 1:
		return nobody, NoUser("%d active %ss match %s: %s and %s, for example.",
			len(active), kind, email, name(active[0]), name(active[1]))
	}
	return active[0], nil
}
