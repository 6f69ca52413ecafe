package hclnotes

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// entries is what a test reads from a mail file: with a service of Domino Access Services, or from a view if the service is
// empty.
type entries struct {
	service, path string
	into          func() any
}

// Run runs a test, about the user's mail file if there is a user.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	return call.Tests[mailbox, entries]{
		General: func(context.Context) (target.Text, error) { return target.Say("Signed in as %s.", s.own.name), nil },
		Find:    s.find,
		Found: func(box mailbox, email string) target.Text {
			return target.Say("%s (%s) has a mail file on this server.", box.name, email)
		},
		ActAs: s.checkRights,
		Reads: map[target.Test]entries{
			target.Calendar: {"Calendar", "/api/calendar/events?count=1", func() any {
				return &struct {
					Events []json.RawMessage `json:"events"`
				}{}
			}},
			target.Contacts: {"", "/Contacts?ReadViewEntries&OutputFormat=JSON&Count=1", func() any {
				return &struct {
					Entries []json.RawMessage `json:"viewentry"`
				}{}
			}},
			target.Mail: {"Mail", "/api/mail/inbox?count=1", func() any { return &[]json.RawMessage{} }},
		},
		Read: s.readOne,
	}.Run(ctx, test, email)
}

// readOne reads at most one entry.
func (s *session) readOne(ctx context.Context, r call.Reading[mailbox, entries]) (target.Text, error) {
	box := s.own
	if r.User != nil {
		box = *r.User
	}
	return target.Say("The %s of %s can be read.", r.Test, r.Owner(s.own.name)),
		s.read(ctx, box, r.What.service, r.What.path, r.What.into())
}

// checkRights checks the rights of the service account in a user's mail file.
func (s *session) checkRights(ctx context.Context, box mailbox) (target.Text, error) {
	var access struct {
		What   string `json:"what"` // nothing, calendar or mail
		Read   bool   `json:"read"`
		Create bool   `json:"create"`
		Edit   bool   `json:"edit"`
	}
	if err := s.read(ctx, box, "Mail", "/api/mail/access", &access); err != nil {
		return target.Text{}, err
	}
	if access.What == "mail" && access.Read && access.Create && access.Edit {
		return target.Say("The service account may read and edit the mail file of %s.", box.email), nil
	}
	return target.Text{}, &target.Fault{
		Code: target.InsufficientPermission,
		Message: target.Say("The service account needs to read, create and edit in the mail file of %s; there it may %s.",
			box.name, rightsText(access.What, map[string]bool{"read": access.Read, "create": access.Create, "edit": access.Edit})),
	}
}

// rightsText lists the granted rights.
func rightsText(what string, rights map[string]bool) target.Own {
	var granted []string
	for _, right := range []string{"read", "create", "edit"} {
		if rights[right] {
			granted = append(granted, right)
		}
	}
	switch {
	case len(granted) == 0 || what == "nothing":
		return "do nothing"
	case what == "calendar":
		return target.Own(strings.Join(granted, " and ")) + ", in the calendar only"
	}
	return target.Own(strings.Join(granted, " and "))
}

// read reads from a mail file, with a service of Domino Access Services if one is named.
func (s *session) read(ctx context.Context, box mailbox, service, path string, into any) error {
	elsewhere := s.Classifier.UnexpectedResponse(
		"The mail file of the service account is not on this server. Its home server is %s.", box.home)
	if box.file == "" { // only of the service account: find rejects such users
		return elsewhere
	}
	err := s.get(ctx, classifier(), box.file+path, into)
	switch {
	case isRejection(err):
		return accessFault(err, "open the mail file of %s", box.name)
	case statusOf(err) == http.StatusNotFound && box == s.own && service != "":
		return elsewhere
	case statusOf(err) == http.StatusNotFound:
		return &target.Fault{
			Code: target.UserNotFound, Cause: err,
			Message: target.Say("This server does not have %s of %s. The home server is %s.", box.file, box.name, box.home),
		}
	case statusOf(err) == http.StatusForbidden && service != "" && s.isDisabled(ctx, service):
		return s.Classifier.UnexpectedResponse("The %s service of Domino Access Services is not enabled on the server.", service)
	}
	return err
}

// isDisabled reports whether the server lists a service as not enabled. It never fails: the list is additional information.
func (s *session) isDisabled(ctx context.Context, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var listed struct {
		Services []struct {
			Name    string `json:"name"`
			Enabled bool   `json:"enabled"`
		} `json:"services"`
	}
	if err := s.get(ctx, classifier(), "/api", &listed); err != nil {
		return false
	}
	for _, service := range listed.Services {
		if strings.EqualFold(service.Name, name) {
			return !service.Enabled
		}
	}
	return true
}
