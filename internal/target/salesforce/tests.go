package salesforce

import (
	"context"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Run runs a test, about the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	message, err := s.run(ctx, test, email)
	return message, s.withField(err)
}

func (s *session) run(ctx context.Context, test target.Test, email string) (string, error) {
	if test == target.Metadata {
		snapshot, err := s.readObjects(ctx)
		return fmt.Sprintf("The definitions of %d objects can be read.", len(snapshot.Objects)), err
	}
	if email == "" {
		return s.ofService(ctx, test)
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	return s.ofUser(ctx, test, email, found)
}

// ofService runs a test of the service user.
func (s *session) ofService(ctx context.Context, test target.Test) (string, error) {
	if test == target.General {
		return s.general(ctx)
	}
	return s.readOne(ctx, test, "", s.identity.Username)
}

// ofUser runs a test about a user. A record belongs to its owner; a mail to its sender.
func (s *session) ofUser(ctx context.Context, test target.Test, email string, found user) (string, error) {
	switch test {
	case target.General:
		return fmt.Sprintf("The user %s (%s) is active.", found.Username, email), nil
	case target.Impersonation:
		return s.checkModifyAllData(ctx, found)
	case target.Mail:
		return s.readOne(ctx, test, " WHERE FromAddress = "+quote(email), email)
	case target.Contacts, target.Calendar:
		return s.readOne(ctx, test, " WHERE OwnerId = "+quote(found.ID), email)
	case target.Metadata: // about no user
	}
	return "", fmt.Errorf("salesforce has no test %q for a user", test)
}

// readOne reads at most one record of the object that a test is named after.
func (s *session) readOne(ctx context.Context, test target.Test, where, owner string) (string, error) {
	object, ok := map[target.Test]string{
		target.Contacts: "Contact", target.Calendar: "Event", target.Mail: "EmailMessage",
	}[test]
	if !ok {
		return "", fmt.Errorf("salesforce has no test %q for the service account", test)
	}
	var records []struct{ ID string }
	err := s.query(ctx, "SELECT Id FROM "+object+where+" LIMIT 1", &records)
	return fmt.Sprintf("The %s of %s can be read.", test, owner), err
}

// general proves that the service user may use the API: the sign-in alone does not.
func (s *session) general(ctx context.Context) (string, error) {
	base, err := s.base(ctx)
	if err != nil {
		return "", err
	}
	var resources map[string]string
	if _, err := s.get(ctx, base+"/", &resources); err != nil {
		return "", err
	}
	signedIn := "Signed in as " + s.identity.Username
	if s.identity.OrganizationName != "" {
		signedIn += " of " + s.identity.OrganizationName
	}
	sentences := []string{signedIn + ".", "The API has version " + s.version.String() + "."}
	if s.usage != "" {
		sentences = append(sentences, s.usage)
	}
	return strings.Join(sentences, " "), nil
}

// String names the version for people.
func (v version) String() string {
	if v.Label == "" {
		return v.Number
	}
	return v.Number + " (" + v.Label + ")"
}
