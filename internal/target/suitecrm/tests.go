package suitecrm

import (
	"context"
	"fmt"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Run runs a test, about the user if there is one.
func (s *session) Run(ctx context.Context, test target.Test, email string) (string, error) {
	switch {
	case test == target.Metadata:
		snapshot, err := s.Metadata(ctx)
		return fmt.Sprintf("The definitions of %d modules can be read.", len(snapshot.Objects)), err
	case email == "" && test == target.General:
		return "Signed in as " + s.identity.Username + ".", nil
	case email == "":
		return s.readOne(ctx, test, "", s.identity.Username)
	}
	found, err := s.find(ctx, email)
	if err != nil {
		return "", err
	}
	if test == target.General {
		return fmt.Sprintf("The user %s (%s) is active.", found.Attributes.UserName, email), nil
	}
	return s.readOne(ctx, test, found.ID, email)
}

// readOne reads at most one record of the module that a test is about: one of the owner's, if there is an owner.
func (s *session) readOne(ctx context.Context, test target.Test, owner, whose string) (string, error) {
	module, ok := map[target.Test]string{
		target.Contacts: "Contacts", target.Calendar: "Meetings", target.Mail: "Emails",
	}[test]
	if !ok {
		return "", fmt.Errorf("suitecrm has no test %q", test)
	}
	query := url.Values{"fields[" + module + "]": {"name"}, "page[size]": {"1"}, "page[number]": {"1"}}
	if owner != "" {
		query.Set("filter[assigned_user_id][eq]", owner)
	}
	var read struct {
		Data []struct{} `json:"data"`
	}
	return fmt.Sprintf("The %s of %s can be read.", test, whose), s.get(ctx, "/V8/module/"+module+"?"+query.Encode(), &read)
}
