package target

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// Binding is the canonical text of what the credentials are bound to: the system, and the settings that say at which address
// and as which user they are used. Settings that are not set count with their defaults.
func (s *System) Binding(settings Settings) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", s.Name)
	for _, f := range s.Fields {
		if f.Binds {
			fmt.Fprintf(&b, " %q=%q", f.Name, f.canonical(settings[f.Name]))
		}
	}
	return b.String()
}

// Rebinds lists the changed settings that the credentials are bound to, in the order of the declaration.
func (s *System) Rebinds(old, changed Settings) []string {
	var fields []string
	for _, f := range s.Fields {
		if f.Binds && f.canonical(old[f.Name]) != f.canonical(changed[f.Name]) {
			fields = append(fields, f.Name)
		}
	}
	return fields
}

// CanonicalCredentials lists names and values alternately, in a fixed order, for digests. Trailing white space of PEM and
// JSON is ignored.
func (s *System) CanonicalCredentials(c Credentials) []string {
	parts := make([]string, 0, 2*len(c))
	for _, name := range slices.Sorted(maps.Keys(c)) {
		value := c[name]
		if f, _ := s.Field(name); f.Type.isDocument() {
			value = strings.TrimRightFunc(value, unicode.IsSpace)
		}
		parts = append(parts, name, value)
	}
	return parts
}

// Same reports whether two values of the field are equivalent.
func (f Field) Same(a, b string) bool { return f.canonical(a) == f.canonical(b) }

// canonical returns the same text for all spellings of a value.
func (f Field) canonical(value string) string {
	if value == "" {
		value = f.Default
	}
	switch {
	case f.Canonical != nil:
		return f.Canonical(value)
	case f.Type == URL:
		return CanonicalURL(value)
	case f.Type == EmailAddress:
		return strings.ToLower(value)
	case f.Type.isDocument():
		return strings.TrimRightFunc(value, unicode.IsSpace)
	}
	return value
}
