package hclnotes

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Run runs a test, about the user's mail file if there is a user.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	if email == "" && test == target.General {
		return "Signed in as " + s.own.name + ".", nil
	}
	box, owner := s.own, s.own.name
	if email != "" {
		found, err := s.find(ctx, email)
		if err != nil {
			return "", err
		}
		box, owner = found, email
	}
	switch test {
	case target.General:
		return fmt.Sprintf("%s (%s) has a mail file on this server.", box.name, email), nil
	case target.Impersonation:
		return "The service account may read and edit the mail file of " + owner + ".", s.mayEdit(ctx, box)
	case target.Calendar:
		return "The calendar of " + owner + " can be read.", s.read(ctx, box, "Calendar", "/api/calendar/events?count=1", &struct {
			Events []json.RawMessage `json:"events"`
		}{})
	case target.Contacts:
		return "The contacts of " + owner + " can be read.",
			s.read(ctx, box, "", "/Contacts?ReadViewEntries&OutputFormat=JSON&Count=1", &struct {
				Entries []json.RawMessage `json:"viewentry"`
			}{})
	case target.Mail:
		return "The mail of " + owner + " can be read.",
			s.read(ctx, box, "Mail", "/api/mail/inbox?count=1", &[]json.RawMessage{})
	case target.Metadata:
	}
	return "", fmt.Errorf("hcl_notes has no test %q here", test)
}

// mayEdit asks for the level of access that the service account has to a mail file.
func (s *session) mayEdit(ctx context.Context, box mailbox) error {
	var access struct {
		What   string `json:"what"` // nothing, calendar or mail
		Read   bool   `json:"read"`
		Create bool   `json:"create"`
		Edit   bool   `json:"edit"`
	}
	if err := s.read(ctx, box, "Mail", "/api/mail/access", &access); err != nil {
		return err
	}
	if access.What == "mail" && access.Read && access.Create && access.Edit {
		return nil
	}
	return &target.Fault{
		Code: target.InsufficientPermission,
		Message: fmt.Sprintf("The service account needs to read, create and edit in the mail file of %s; there it may %s.",
			box.name, rightsText(access.What, map[string]bool{"read": access.Read, "create": access.Create, "edit": access.Edit})),
	}
}

// rightsText writes what may be done, and with what.
func rightsText(what string, rights map[string]bool) string {
	var may []string
	for _, right := range []string{"read", "create", "edit"} {
		if rights[right] {
			may = append(may, right)
		}
	}
	switch {
	case len(may) == 0 || what == "nothing":
		return "do nothing"
	case what == "calendar":
		return strings.Join(may, " and ") + ", in the calendar only"
	}
	return strings.Join(may, " and ")
}

// read reads something of a mail file, with a service of Domino Access Services if one is named.
func (s *session) read(ctx context.Context, box mailbox, service, path string, into any) error {
	elsewhere := s.unexpectedFault("The mail file of the service account is not on this server. Its home server is " + box.home + ".")
	if box.file == "" { // for users, it is known by now
		return elsewhere
	}
	err := s.get(ctx, call.Classifier{Address: serverURL}, box.file+path, into)
	switch {
	case isRejection(err):
		return accessFault(err, "open the mail file of "+box.name)
	case statusOf(err) == http.StatusNotFound && box == s.own && service != "":
		return elsewhere
	case statusOf(err) == http.StatusNotFound:
		return &target.Fault{
			Code: target.UserNotFound, Cause: err,
			Message: fmt.Sprintf("This server does not have %s of %s. The home server is %s.", box.file, box.name, box.home),
		}
	case statusOf(err) == http.StatusForbidden && service != "" && s.isDisabled(ctx, service):
		return s.unexpectedFault("The " + service + " service of Domino Access Services is not enabled on the server.")
	}
	return err
}

// isDisabled tells whether the server says of a service that it is not enabled. It never fails: this is a hint.
func (s *session) isDisabled(ctx context.Context, name string) bool {
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	var listed struct {
		Services []struct {
			Name    string `json:"name"`
			Enabled bool   `json:"enabled"`
		} `json:"services"`
	}
	if err := s.get(ctx, call.Classifier{Address: serverURL}, "/api", &listed); err != nil {
		return false
	}
	for _, service := range listed.Services {
		if strings.EqualFold(service.Name, name) {
			return !service.Enabled
		}
	}
	return true
}
