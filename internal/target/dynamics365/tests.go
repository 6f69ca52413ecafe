package dynamics365

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Run runs a test, as the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	message, err := s.run(ctx, test, email)
	return message, s.withField(err)
}

func (s *session) run(ctx context.Context, test target.Test, email string) (string, error) {
	switch {
	case test == target.Metadata:
		snapshot, err := s.definitions(ctx)
		return fmt.Sprintf("The definitions of %d tables can be read.", len(snapshot.Objects)), err
	case email == "" && test == target.General:
		return s.general(ctx)
	case email == "":
		return s.readOne(ctx, test, nil, s.identity.Username)
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	switch test {
	case target.General:
		return fmt.Sprintf("The user %s (%s) is active.", found.name(), email), nil
	case target.Impersonation:
		return s.actAs(ctx, found)
	case target.Contacts, target.Calendar, target.Mail:
		return s.readOne(ctx, test, &found, email)
	case target.Metadata: // about no user
	}
	return "", fmt.Errorf("dynamics365 has no test %q for a user", test)
}

// readOne reads at most one row of the table that a test is named after.
func (s *session) readOne(ctx context.Context, test target.Test, as *user, owner string) (string, error) {
	table, ok := map[target.Test]struct{ set, key string }{
		target.Contacts: {"contacts", "contactid"},
		target.Calendar: {"appointments", "activityid"},
		target.Mail:     {"emails", "activityid"},
	}[test]
	if !ok {
		return "", fmt.Errorf("dynamics365 has no test %q for the service account", test)
	}
	if as != nil {
		if _, err := s.actAs(ctx, *as); err != nil {
			return "", err
		}
	}
	var found struct {
		Rows []struct{} `json:"value"`
	}
	_, err := s.getAs(ctx, as, table.set+"?$select="+table.key+"&$top=1", &found)
	return fmt.Sprintf("The %s of %s can be read.", test, owner), err
}

// general proves that the Web API serves the application user.
func (s *session) general(ctx context.Context) (string, error) {
	var version struct {
		Version string `json:"Version"`
	}
	if _, err := s.get(ctx, "RetrieveVersion", &version); err != nil {
		return "", err
	}
	message := "Signed in as " + s.identity.Username
	if s.identity.OrganizationName != "" {
		message += " of " + s.identity.OrganizationName
	}
	return message + ". The environment has version " + version.Version + ".", nil
}
