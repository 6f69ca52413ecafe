package hclnotes

import (
	"regexp"
	"strings"
)

// label matches the labels of the parts of a canonical name.
var label = regexp.MustCompile(`(?i)^(?:CN|OU\d?|O|C)=`)

// abbreviate removes the labels of a hierarchical name, like Domino Access Services: CN=Ada Lovelace/OU=East/O=Example becomes
// Ada Lovelace/East/Example. Other names are returned unchanged.
func abbreviate(name string) string {
	parts := strings.Split(name, "/")
	for i, part := range parts {
		parts[i] = label.ReplaceAllString(strings.TrimSpace(part), "")
	}
	return strings.Join(parts, "/")
}

// canonicalName returns the same text for all spellings of a name.
func canonicalName(name string) string { return strings.ToLower(abbreviate(name)) }

// organizationOf returns the organization of an abbreviated name: its last part, or the part before a country, which has two
// letters while organizations have three or more. A flat name has no organization.
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
