package hclnotes

import (
	"context"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// mailbox is what Domino returns about a user with mail.
type mailbox struct {
	name   string // hierarchical, abbreviated
	common string
	email  string
	home   string // the home server
	file   string // the path of the mail file, escaped, with a slash in front; empty if it is on another host
}

// mailbox reads the owner of a calendar from the Calendar service: of the caller's calendar, or of the calendar of a name. Domino
// looks up names with partial matches and returns the first one: see [session.find].
func (s *session) mailbox(ctx context.Context, c call.Classifier, name string) (mailbox, error) {
	path := ownCalendar
	if name != "" {
		path += "?owner=" + url.QueryEscape(name)
	}
	var body struct {
		Calendars []struct {
			Owner struct {
				Common     string `json:"displayName"`
				Name       string `json:"distinguishedName"`
				HomeServer string `json:"homeServer"`
				Email      string `json:"email"`
			} `json:"owner"`
			Links []struct {
				Rel  string `json:"rel"`
				Href string `json:"href"`
			} `json:"links"`
		} `json:"calendars"`
	}
	if err := s.get(ctx, c, path, &body); err != nil {
		return mailbox{}, err
	}
	if len(body.Calendars) != 1 {
		return mailbox{}, s.Classifier.UnexpectedResponse(
			"Domino returned %d calendars, but a user has one.", len(body.Calendars))
	}
	found := body.Calendars[0]
	box := mailbox{
		name: abbreviate(found.Owner.Name), common: found.Owner.Common, email: found.Owner.Email, home: found.Owner.HomeServer,
	}
	for _, link := range found.Links {
		if link.Rel == "events" {
			box.file = s.file(link.Href)
		}
	}
	return box, nil
}

// file returns the path of the mail file from the address of its events, if that is on this server. The rest of the address is
// ignored: the password is sent only to the address of the connection.
func (s *session) file(href string) string {
	u, err := url.Parse(href)
	if err != nil || u.Host != "" && !strings.EqualFold(u.Hostname(), target.HostOf(s.base)) {
		return ""
	}
	path, ok := strings.CutSuffix(u.Path, "/api/calendar/events")
	if !ok || !strings.HasPrefix(path, "/") || !strings.HasSuffix(strings.ToLower(path), ".nsf") {
		return ""
	}
	parts := strings.Split(path[1:], "/")
	for i, part := range parts {
		if part == "" || part == "." || part == ".." || strings.ContainsAny(part, "\\\x00") {
			return ""
		}
		parts[i] = url.PathEscape(part)
	}
	return "/" + strings.Join(parts, "/")
}

// find returns the mailbox of the one user with an address.
func (s *session) find(ctx context.Context, email string) (mailbox, error) {
	if err := s.checkUnique(ctx, email); err != nil {
		return mailbox{}, err
	}
	box, err := s.mailbox(ctx, classifier(), email)
	if fault, ok := target.AsFault(err); ok && fault.Code == target.UserNotFound && statusOf(err) >= 500 {
		fault.Message = target.Say("The user with the address %s has no mail file: %s", email, fault.Message)
		return mailbox{}, fault
	}
	switch {
	case err != nil:
		return mailbox{}, accessFault(err, "look up names")
	case !strings.EqualFold(box.email, email):
		return mailbox{}, call.UserNotFoundFault("%s is found by %s, but the Internet address in the Person document is %q.",
			box.name, email, box.email)
	case box.file == "":
		return mailbox{}, call.UserNotFoundFault("The mail file of %s is not on this server. The home server is %s.", email, box.home)
	}
	return box, nil
}

// checkUnique reads the names in the view that Domino uses for lookups. Its parentheses only hide it in clients, so it can be
// read. A user has a row for each name.
func (s *session) checkUnique(ctx context.Context, email string) error {
	var view struct {
		Entries []struct {
			ID      string `json:"@unid"`
			Columns []struct {
				Text map[string]string `json:"text"`
			} `json:"entrydata"`
		} `json:"viewentry"`
	}
	const rows = "20"
	query := "ReadViewEntries&OutputFormat=JSON&KeyType=text&Count=" + rows + "&StartKey=" + url.QueryEscape(email)
	err := s.get(ctx, classifier(), "/names.nsf/($Users)?"+query, &view)
	if err != nil {
		return accessFault(err, "read the Domino Directory (names.nsf)")
	}
	found := map[string]bool{} // by document
	for _, entry := range view.Entries {
		if len(entry.Columns) > 0 && strings.EqualFold(entry.Columns[0].Text["0"], email) {
			found[entry.ID] = true
		}
	}
	switch len(found) {
	case 0:
		return call.UserNotFoundFault("No user in the Domino Directory has the address %s.", email)
	case 1:
		return nil
	}
	return call.UserNotFoundFault("%d documents of the Domino Directory match %s.", len(found), email)
}

// accessFault makes a fault about a missing right of a rejection after the sign-in, with the status 401 or the login form: Domino
// returns the same for a missing right as for unknown credentials.
func accessFault(err error, what target.Own, args ...any) error {
	fault, ok := target.AsFault(err)
	if !ok || !isRejection(err) {
		return err
	}
	return &target.Fault{
		Code: target.InsufficientPermission, Cause: err,
		Message: target.Say("The service account may not %s. %s", target.Say(what, args...), fault.Message),
	}
}
