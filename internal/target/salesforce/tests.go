package salesforce

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Run runs a test, about the user if there is one. The tests read an object of the REST API.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	message, err := call.Tests[user, string]{
		General: s.general,
		Find:    s.find,
		Found: func(u user, email string) target.Text {
			return target.Say("The user %s (%s) is active.", u.Username, email)
		},
		ActAs: s.checkModifyAllData,
		Reads: map[target.Test]string{target.Contacts: "Contact", target.Calendar: "Event", target.Mail: "EmailMessage"},
		Read:  s.readOne,
	}.Run(ctx, test, email)
	return message, s.withField(err)
}

// readOne reads at most one record of an object. A record belongs to its owner; a mail to its sender.
func (s *session) readOne(ctx context.Context, r call.Reading[user, string]) (target.Text, error) {
	where := ""
	switch {
	case r.User == nil:
	case r.Test == target.Mail:
		where = " WHERE FromAddress = " + quote(r.Email)
	default:
		where = " WHERE OwnerId = " + quote(r.User.ID)
	}
	var records []struct{ ID string }
	err := s.query(ctx, "SELECT Id FROM "+r.What+where+" LIMIT 1", &records)
	return target.Say("The %s of %s can be read.", r.Test, r.Owner(s.Self.Username)), err
}

// general verifies that the service user may use the API: the sign-in alone does not.
func (s *session) general(ctx context.Context) (target.Text, error) {
	base, err := s.base(ctx)
	if err != nil {
		return target.Text{}, err
	}
	var resources map[string]string
	if _, err := s.get(ctx, base+"/", &resources); err != nil {
		return target.Text{}, err
	}
	signedIn := target.Say("Signed in as %s", s.Self.Username)
	if s.Self.OrganizationName != "" {
		signedIn = target.Say("%s of %s", signedIn, s.Self.OrganizationName)
	}
	message := target.Say("%s. The API has version %s.", signedIn, s.version)
	if !s.usage.IsZero() {
		message = target.Say("%s %s", message, s.usage)
	}
	return message, nil
}

// String is the version for messages.
func (v version) String() string {
	if v.Label == "" {
		return v.Number
	}
	return v.Number + " (" + v.Label + ")"
}
