package target

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
)

// AccountKey is the canonical text of what identifies an account at an address: the system, and the settings that bind the
// credentials in both directions. The limit for rejected sign-ins counts by it. Settings that are not set count with their
// defaults.
func (s *System) AccountKey(settings Settings) string {
	return s.canonicalSettings(settings, func(f Field) bool { return f.Binds })
}

// Binding is the canonical text of what stored credentials are bound to: the account, and the settings that decide to whom else,
// or in which form, the credentials are shown. Settings that are not set count with their defaults.
func (s *System) Binding(settings Settings) string {
	return s.canonicalSettings(settings, Field.BindsCredentials)
}

func (s *System) canonicalSettings(settings Settings, includes func(Field) bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%q", s.Name)
	for _, f := range s.Fields {
		if includes(f) {
			fmt.Fprintf(&b, " %q=%q", f.Name, f.canonical(settings[f.Name]))
		}
	}
	return b.String()
}

// Rebinds lists the changed settings that require the credentials again, in the order of the declaration. A change that only
// makes it harder to read the credentials, such as a removed certificate authority, is not among them.
func (s *System) Rebinds(old, changed Settings) []string {
	var fields []string
	for _, f := range s.Fields {
		before, after := f.canonical(old[f.Name]), f.canonical(changed[f.Name])
		if before != after && (f.Binds || f.Weakens != nil && f.Weakens(before, after)) {
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

// LengthPrefixed joins texts for digests so that no other texts give the same bytes: the length of each text, in bytes as a
// big-endian 64-bit number, comes before it. Purpose separates digests that are used for different things.
func LengthPrefixed(purpose string, parts ...string) []byte {
	joined := appendPrefixed(nil, purpose)
	for _, part := range parts {
		joined = appendPrefixed(joined, part)
	}
	return joined
}

func appendPrefixed(to []byte, text string) []byte {
	return append(binary.BigEndian.AppendUint64(to, uint64(len(text))), text...)
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
	case f.Type == Certificates && !f.Secret:
		return strings.Join(fingerprints(value), " ")
	case f.Type.isDocument():
		return strings.TrimRightFunc(value, unicode.IsSpace)
	}
	return value
}
