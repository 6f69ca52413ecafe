package hclnotes

import (
	"regexp"
	"strings"
)

// label is what stands in front of the parts of a canonical name.
var label = regexp.MustCompile(`(?i)^(?:CN|OU\d?|O|C)=`)

// abbreviate is a hierarchical name without labels, as Domino Access Services tell names: CN=Ada Lovelace/OU=East/O=Example
// is Ada Lovelace/East/Example. Other names stay as they are.
func abbreviate(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = label.ReplaceAllString(strings.TrimSpace(part), "")
	}
	return strings.Join(parts, "/")
}

// canonicalName is the form in which two spellings of a name compare equal.
func canonicalName(name string) string { return strings.ToLower(abbreviate(name)) }

// organizationOf is the organization of an abbreviated name: its last part, or the one in front of a country, which has
// two letters where organizations have three or more. A flat name is in none.
func organizationOf(name string) string {
	parts := strings.Split(name, "/")
	last := len(parts) - 1
	if last >= 2 && len(parts[last]) == 2 {
		last--
	}
	if last < 1 {
		return ""
	}
	return parts[last]
}
