package target

import "slices"

// Catalog is a list of target systems, in the order of the documentation.
type Catalog []*System

// Find returns the system with the name.
func (c Catalog) Find(name string) (*System, bool) {
	i := slices.IndexFunc(c, func(s *System) bool { return s.Name == name })
	if i < 0 {
		return nil, false
	}
	return c[i], true
}
