package target

import (
	"strings"
	"unicode"
)

// SecretWarnings lists the secrets that begin or end with white space or contain a line break, in the order of the declaration.
// They are sent as they are, since passwords may contain spaces, but mostly they were copied by mistake. The white space of PEM
// and JSON has no meaning.
func (s *System) SecretWarnings(c Credentials) []Warning {
	var warnings []Warning
	for _, f := range s.Fields {
		if !f.Secret || f.Type.isDocument() {
			continue
		}
		if seen := describeWhiteSpace(c[f.Name]); seen != "" {
			warnings = append(warnings, Warning{
				Field: f.Name,
				Message: f.Name + " " + seen + ", which is sent as a part of it. Unless it belongs to the secret, remove it, for " +
					"example with trimspace(…).",
			})
		}
	}
	return warnings
}

// describeWhiteSpace says which white space a secret contains, and nothing else of it; empty if it is in order.
func describeWhiteSpace(secret string) string {
	invisible := func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) }
	begins, ends := strings.TrimLeftFunc(secret, invisible) != secret, strings.TrimRightFunc(secret, invisible) != secret
	switch {
	case begins && ends:
		return "begins and ends with white space"
	case begins:
		return "begins with white space"
	case ends:
		return "ends with white space"
	case strings.ContainsAny(secret, "\r\n\u0085\u2028\u2029"):
		return "contains a line break"
	}
	return ""
}
