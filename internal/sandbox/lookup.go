package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNotFound is what the errors wrap that say of what there is none by a name, such as "no such user".
var ErrNotFound = errors.New("no such")

// Find is the first of a list that fits, where it is, to be read or changed; nil if none fits.
func Find[T any](list []T, fits func(T) bool) *T {
	i := slices.IndexFunc(list, fits)
	if i < 0 {
		return nil
	}
	return &list[i]
}

// Change changes what was found by a name. If nothing was, the error is the one given for that, with the name.
func Change[T any](found *T, none error, name string, change func(*T)) error {
	if found == nil {
		return fmt.Errorf("%w: %q", none, name)
	}
	change(found)
	return nil
}

// SeedOr is what a stand-in starts with: the seed given, or the usual one for nil.
func SeedOr[Seed any](given *Seed, usual func() (Seed, error)) (Seed, error) {
	if given == nil {
		return usual()
	}
	return *given, nil
}

// Clock is what a stand-in tells the time by: the clock given, or the real one for nil.
func Clock(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}
