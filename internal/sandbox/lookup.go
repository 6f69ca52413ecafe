package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNotFound is wrapped by the errors for a name that does not exist, such as "no such user".
var ErrNotFound = errors.New("no such")

// Find returns a pointer to the first element of a list that matches; nil if none matches.
func Find[T any](list []T, matches func(T) bool) *T {
	i := slices.IndexFunc(list, matches)
	if i < 0 {
		return nil
	}
	return &list[i]
}

// Change calls change with the element found by a name. If found is nil, it returns notFound with the name.
func Change[T any](found *T, notFound error, name string, change func(*T)) error {
	if found == nil {
		return fmt.Errorf("%w: %q", notFound, name)
	}
	change(found)
	return nil
}

// SeedOr returns the seed, or the default seed for nil.
func SeedOr[Seed any](seed *Seed, defaultSeed func() (Seed, error)) (Seed, error) {
	if seed == nil {
		return defaultSeed()
	}
	return *seed, nil
}

// Clock returns the clock now, or the real one for nil.
func Clock(now func() time.Time) func() time.Time {
	if now == nil {
		return time.Now
	}
	return now
}
