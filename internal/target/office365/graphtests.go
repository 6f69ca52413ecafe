package office365

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// Run runs a test: in the mailbox of the user if there is one, else in that of the user who signed in, or in the validation
// mailbox.
func (s *graphSession) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	message, err := s.run(ctx, test, email)
	if err != nil {
		return target.Text{}, entra.WithoutSecret(withMailboxField(err, email))
	}
	return message, nil
}

func (s *graphSession) run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	if test == target.General && email == "" {
		return s.general(ctx)
	}
	if email == "" && s.own != nil {
		return s.read(ctx, test, "/me", s.Self.Username)
	}
	if email == "" {
		email = s.Account.Setting(validationEmail)
	}
	path, err := s.mailbox(ctx, email)
	if err != nil {
		return target.Text{}, err
	}
	return s.read(ctx, test, path, email)
}

// general verifies that the validation mailbox can be opened, and reports the identity.
func (s *graphSession) general(ctx context.Context) (target.Text, error) {
	email := s.Account.Setting(validationEmail)
	path, err := s.mailbox(ctx, email)
	if err != nil {
		return target.Text{}, err
	}
	opened, err := s.read(ctx, target.Impersonation, path, email)
	return target.Say("Signed in as %s. %s", s.displayName(), opened), err
}

// mailbox returns the path of the mailbox with an address. A user who signed in may lack the right to read the directory. Then it
// is unknown whether the other user is active, and Exchange finds the mailbox by the address.
func (s *graphSession) mailbox(ctx context.Context, email string) (path string, err error) {
	if s.own != nil && slices.ContainsFunc(s.own.addresses, func(a string) bool { return strings.EqualFold(a, email) }) {
		return "/me", nil
	}
	found, err := s.find(ctx, email)
	if fault, ok := target.AsFault(err); ok && fault.Code == target.InsufficientPermission && s.isUser() {
		return "/users/" + url.PathEscape(email), nil
	}
	if err != nil {
		return "", s.withMissingPermissions(err, "User.Read.All", "User.ReadWrite.All", "Directory.Read.All", "Directory.ReadWrite.All")
	}
	return "/users/" + url.PathEscape(found.ID), nil
}

// mailboxRead is what a test reads of a mailbox.
type mailboxRead struct {
	path  string
	query url.Values
	// permission is the required permission, such as Mail in Mail.Read.
	permission string
	message    target.Own
}

func mailboxReads() map[target.Test]mailboxRead {
	one := func(properties string) url.Values { return url.Values{"$top": {"1"}, "$select": {properties}} }
	inbox := mailboxRead{
		"/mailFolders/inbox", url.Values{"$select": {"id,displayName"}}, "Mail", "The inbox of %s can be opened.",
	}
	return map[target.Test]mailboxRead{
		target.General:       inbox,
		target.Impersonation: inbox,
		target.Calendar:      {"/calendar/events", one("id,subject,start"), "Calendars", "The calendar of %s can be read."},
		target.Contacts:      {"/contacts", one("id"), "Contacts", "The contacts of %s can be read."},
		target.Mail:          {"/messages", one("id,subject"), "Mail", "The mail of %s can be read."},
	}
}

// read reads at most one entry for a test.
func (s *graphSession) read(ctx context.Context, test target.Test, path, owner string) (target.Text, error) {
	r, ok := mailboxReads()[test]
	if !ok {
		return target.Text{}, fmt.Errorf("office365 has no test %q", test)
	}
	var response struct {
		ID    string `json:"id"`
		Value []struct {
			ID string `json:"id"`
		} `json:"value"`
	}
	if err := s.get(ctx, path+r.path, r.query, &response); err != nil {
		access := []string{r.permission + ".Read", r.permission + ".ReadWrite"}
		if s.isUser() && path != "/me" {
			access = []string{r.permission + ".Read.Shared", r.permission + ".ReadWrite.Shared"}
		}
		return target.Text{}, s.withMissingPermissions(err, access...)
	}
	return target.Say(r.message, owner), nil
}

// withMissingPermissions adds to a fault that the token has none of the permissions that allow the call. The token is checked
// only after the call, since it does not show what Exchange Online allows an app (RBAC for Applications).
func (s *graphSession) withMissingPermissions(err error, permissions ...string) error {
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.InsufficientPermission || s.claims.Audience == "" || s.claims.HasPermission(permissions...) {
		return err
	}
	explained := *fault
	explained.Message = target.Say("The access token has none of the permissions %s. %s",
		target.Own(strings.Join(permissions, ", ")), fault.Message)
	return &explained
}
