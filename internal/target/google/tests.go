package google

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Run runs a test, as the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	if email == "" {
		email = s.Self.Username
		if test == target.General {
			return target.Say("Signed in as %s of %s.", email, s.Self.OrganizationName), nil
		}
	}
	primary, err := s.subject(ctx, test, email)
	if err != nil {
		return target.Text{}, err
	}
	switch test {
	case target.General:
		return target.Say("The user %s is active.", primary), nil
	case target.Impersonation:
		return s.impersonate(ctx, primary)
	case target.Calendar:
		return s.readCalendar(ctx, primary)
	case target.Contacts:
		return s.readContacts(ctx, primary)
	case target.Mail:
		return s.readMail(ctx, primary)
	case target.Metadata: // of a CRM
	}
	return target.Text{}, fmt.Errorf("google has no test %q", test)
}

// subject returns the primary address of the user under test. The account that signed in needs no lookup.
func (s *session) subject(ctx context.Context, test target.Test, email string) (string, error) {
	if s.isOwn(email) {
		return s.Self.Username, nil
	}
	if s.Grant.Name != delegation && test != target.General {
		return "", &target.Fault{
			Code: target.InsufficientPermission, Field: refreshToken,
			Message: target.Say("The refresh token is that of %s and cannot act as %s.", s.Self.Username, email),
			Help: []string{
				"Sign in with service_account_key: a service account with domain-wide delegation acts as every user. The guide of " +
					"this target system shows how to create one.",
				"With client_id, client_secret and refresh_token, test the service account only, or the user of the refresh token.",
			},
		}
	}
	found, err := s.find(ctx, email)
	return found.PrimaryEmail, err
}

// impersonate verifies that a token for the user opens the user's mailbox.
func (s *session) impersonate(ctx context.Context, primary string) (target.Text, error) {
	got, err := s.mailbox(ctx, s.actAs(primary, mailScope))
	if err != nil {
		return target.Text{}, err
	}
	if !strings.EqualFold(got, primary) {
		return target.Text{}, &target.Fault{
			Code: target.WrongIdentity, Message: target.Say("Acting as %s opens the mailbox of %s.", primary, got),
		}
	}
	return target.Say("The service account can act as %s.", primary), nil
}

// The tests below read one entry, and only its id: they need no content.

func (s *session) readCalendar(ctx context.Context, primary string) (target.Text, error) {
	var events struct {
		Items []struct{} `json:"items"`
	}
	err := s.get(ctx, s.actAs(primary, calendarScope), calendar,
		"/calendar/v3/calendars/primary/events?maxResults=1&singleEvents=true&fields=items(id)", &events)
	return target.Say("The calendar of %s can be read.", primary), err
}

func (s *session) readContacts(ctx context.Context, primary string) (target.Text, error) {
	var connections struct {
		Connections []struct{} `json:"connections"`
	}
	err := s.get(ctx, s.actAs(primary, contactsScope), people,
		"/v1/people/me/connections?pageSize=1&personFields=metadata&fields=connections(resourceName)", &connections)
	return target.Say("The contacts of %s can be read.", primary), err
}

// readMail reads one message too: Gmail can list messages that it does not allow to read.
func (s *session) readMail(ctx context.Context, primary string) (target.Text, error) {
	who := s.actAs(primary, mailScope)
	var list struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	if err := s.get(ctx, who, gmail, "/gmail/v1/users/me/messages?maxResults=1&fields=messages(id)", &list); err != nil {
		return target.Text{}, err
	}
	message := target.Say("The mail of %s can be read.", primary)
	if len(list.Messages) == 0 {
		return message, nil
	}
	var one struct {
		ID string `json:"id"`
	}
	return message, s.get(ctx, who, gmail,
		"/gmail/v1/users/me/messages/"+url.PathEscape(list.Messages[0].ID)+"?format=minimal&fields=id", &one)
}
