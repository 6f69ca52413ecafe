package exchange

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// patience bounds a question whose answer only adds to a message.
const patience = 5 * time.Second

// Run runs a test, acting as the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, user string) (string, error) {
	message, err := s.run(ctx, test, user)
	if err != nil && user != "" {
		return "", s.explainUser(ctx, user, err)
	}
	return message, err
}

func (s *session) run(ctx context.Context, test target.Test, user string) (string, error) {
	switch test {
	case target.General:
		return s.general(ctx, user)
	case target.Impersonation:
		_, err := s.call(ctx, getFolder{Shape: "IdOnly", Folder: folderID{ID: "inbox"}}, user)
		return "The service account may act as " + user + ".", err
	case target.Calendar:
		now := time.Now().UTC()
		_, err := s.call(ctx, findItem{
			Traversal: "Shallow", Shape: "IdOnly", Folder: folderID{ID: "calendar"},
			Calendar: &calendarView{
				Max: 1, Start: now.Format(time.RFC3339), End: now.AddDate(0, 0, 7).Format(time.RFC3339),
			},
		}, user)
		return "The calendar of " + s.owner(user) + " can be read.", err
	case target.Contacts:
		return "The contacts of " + s.owner(user) + " can be read.", s.readFolder(ctx, "contacts", user)
	case target.Mail:
		return "The mail of " + s.owner(user) + " can be read.", s.readFolder(ctx, "inbox", user)
	case target.Metadata:
	}
	return "", fmt.Errorf("exchange has no test %q", test)
}

// general proves who signed in: for the service account by the sign-in itself, for a user by their mailbox.
func (s *session) general(ctx context.Context, user string) (string, error) {
	if user != "" {
		address, err := s.whoAmI(ctx, user)
		return "The service account may act as " + address + ".", err
	}
	sentences := []string{"Signed in as " + s.identity.Username + "."}
	if s.version != (serverVersion{}) {
		sentences = append(sentences, s.version.String())
	}
	if expires := s.passwordExpires(ctx); expires != "" {
		sentences = append(sentences, expires)
	}
	return strings.Join(sentences, " "), nil
}

// readFolder reads at most one item of a folder that has pages.
func (s *session) readFolder(ctx context.Context, folder, user string) error {
	_, err := s.call(ctx, findItem{
		Traversal: "Shallow", Shape: "IdOnly", Folder: folderID{ID: folder}, Page: &pageView{Max: 1, Base: "Beginning"},
	}, user)
	return err
}

func (s *session) owner(user string) string {
	if user != "" {
		return user
	}
	return s.identity.Username
}

// passwordExpires tells when the service account's password expires, if the server says so; empty if not. It never
// fails: this is a hint, not a test.
func (s *session) passwordExpires(ctx context.Context) string {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := s.call(ctx, getPasswordExpirationDate{Mailbox: s.identity.Username}, "")
	if err != nil {
		return ""
	}
	// The date has no zone; it is UTC. Passwords that never expire have a date that never comes.
	day, _, _ := strings.Cut(strings.TrimSpace(answer.ExpiresAt), "T")
	date, err := time.Parse(time.DateOnly, day)
	if err != nil || date.Year() < 2000 || date.Year() >= 9999 {
		return ""
	}
	return "The password expires on " + date.Format(time.DateOnly) + "."
}

// String names the version for people. Exchange 2019 and the Subscription Edition share 15.2.
func (v serverVersion) String() string {
	products := map[[2]int]string{
		{15, 0}: "Exchange Server 2013", {15, 1}: "Exchange Server 2016", {15, 2}: "Exchange Server 2019 or SE",
	}
	product, ok := products[[2]int{v.Major, v.Minor}]
	if !ok {
		product = "Exchange Server"
	}
	return fmt.Sprintf("The server runs %s (%d.%d.%d).", product, v.Major, v.Minor, v.Build)
}
