package office365

import (
	"net/url"
	"regexp"
	"strings"
)

// keySegment matches a name with a key in parentheses, as OData writes it: users('ada@example.com').
var keySegment = regexp.MustCompile(`^(\w+)\('([^']*)'\)$`)

// graphPath splits the path of a call, without the version; ok is false if it is not a path of Graph. A key in
// parentheses becomes a segment of its own.
func graphPath(u *url.URL) (segments []string, ok bool) {
	path := strings.Trim(u.EscapedPath(), "/")
	version, rest, _ := strings.Cut(path, "/")
	if version != "v1.0" && version != "beta" {
		return nil, false
	}
	for segment := range strings.SplitSeq(rest, "/") {
		plain, err := url.PathUnescape(segment)
		if err != nil {
			return nil, false
		}
		if m := keySegment.FindStringSubmatch(plain); m != nil {
			segments = append(segments, m[1], m[2])
			continue
		}
		segments = append(segments, plain)
	}
	return segments, segments[0] != ""
}

// graphOperation returns the name of the operation at a path; empty without a match.
func graphOperation(u *url.URL) string {
	segments, ok := graphPath(u)
	if !ok {
		return ""
	}
	first, rest := strings.ToLower(segments[0]), segments[1:]
	switch {
	case first == opMe && len(rest) == 0:
		return opMe
	case first == opUsers && len(rest) == 0:
		return opUsers
	case first == opUsers && len(rest) == 1:
		return opUser
	case first == opUsers:
		rest = rest[1:]
	case first == opOrganization, first == opBatch:
		return first
	case first != opMe:
		return ""
	}
	return mailboxOperation(rest)
}

// mailboxOperation returns the operation for a path in a mailbox: the last segment that names a type of items.
func mailboxOperation(segments []string) string {
	operation := ""
	for _, segment := range segments {
		switch strings.ToLower(segment) {
		case "mailfolders":
			operation = opFolders
		case "messages":
			operation = opMessages
		case "events":
			operation = opEvents
		case "calendar", "calendars":
			operation = opCalendar
		case "contacts":
			operation = opContacts
		case "mailboxsettings":
			operation = opSettings
		}
	}
	return operation
}
