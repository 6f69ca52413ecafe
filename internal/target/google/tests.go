package google

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Run runs a test, as the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	if email == "" {
		email = s.identity.Username
		if test == target.General {
			return fmt.Sprintf("Signed in as %s of %s.", email, s.identity.OrganizationName), nil
		}
	}
	primary, err := s.subject(ctx, test, email)
	if err != nil {
		return "", err
	}
	switch test {
	case target.General:
		return fmt.Sprintf("The user %s is active.", primary), nil
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
	return "", fmt.Errorf("google has no test %q", test)
}

// subject is the primary address of whom a test is about. Who signed in is known to be there.
func (s *session) subject(ctx context.Context, test target.Test, email string) (string, error) {
	if s.isOwn(email) {
		return s.identity.Username, nil
	}
	if s.grant.Name != delegation && test != target.General {
		return "", &target.Fault{
			Code: target.InsufficientPermission, Field: refreshToken,
			Message: "The refresh token is that of " + s.identity.Username + " and cannot act as " + email + ".",
			Help: []string{
				"Sign in with service_account_key: a service account with domain-wide delegation acts as every user. The guide of " +
					"this target system tells how to make one.",
				"With client_id, client_secret and refresh_token, test the service account only, or the user " + s.identity.Username + ".",
			},
		}
	}
	found, err := s.find(ctx, email)
	return found.PrimaryEmail, err
}

// impersonate proves that a token for the user opens the user's mailbox.
func (s *session) impersonate(ctx context.Context, primary string) (string, error) {
	got, err := s.mailbox(ctx, s.actAs(primary, mailScope))
	if err != nil {
		return "", err
	}
	if !strings.EqualFold(got, primary) {
		return "", &target.Fault{
			Code: target.WrongIdentity, Message: fmt.Sprintf("Acting as %s opens the mailbox of %s.", primary, got),
		}
	}
	return "The service account can act as " + primary + ".", nil
}

// The tests below ask for one entry, and of it no more than its id: what people wrote is nobody's business here.

func (s *session) readCalendar(ctx context.Context, primary string) (string, error) {
	var events struct {
		Items []struct{} `json:"items"`
	}
	err := s.get(ctx, s.actAs(primary, calendarScope), calendar,
		"/calendar/v3/calendars/primary/events?maxResults=1&singleEvents=true&fields=items(id)", &events)
	return "The calendar of " + primary + " can be read.", err
}

func (s *session) readContacts(ctx context.Context, primary string) (string, error) {
	var connections struct {
		Connections []struct{} `json:"connections"`
	}
	err := s.get(ctx, s.actAs(primary, contactsScope), people,
		"/v1/people/me/connections?pageSize=1&personFields=metadata&fields=connections(resourceName)", &connections)
	return "The contacts of " + primary + " can be read.", err
}

// readMail reads one message as well: Gmail can list messages that it does not let anybody read.
func (s *session) readMail(ctx context.Context, primary string) (string, error) {
	who := s.actAs(primary, mailScope)
	var list struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	if err := s.get(ctx, who, gmail, "/gmail/v1/users/me/messages?maxResults=1&fields=messages(id)", &list); err != nil {
		return "", err
	}
	message := "The mail of " + primary + " can be read."
	if len(list.Messages) == 0 {
		return message, nil
	}
	var one struct {
		ID string `json:"id"`
	}
	return message, s.get(ctx, who, gmail,
		"/gmail/v1/users/me/messages/"+url.PathEscape(list.Messages[0].ID)+"?format=minimal&fields=id", &one)
}
