package dynamics365

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// table is a table of the environment: its entity set, and its key column.
type table struct{ set, key string }

// Run runs a test, as the user if there is one. The tests read a table.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	message, err := call.Tests[user, table]{
		General: s.general,
		Find:    s.find,
		Found: func(u user, email string) target.Text {
			return target.Say("The user %s (%s) is active.", u.name(), email)
		},
		ActAs: s.actAs,
		Reads: map[target.Test]table{
			target.Contacts: {"contacts", "contactid"},
			target.Calendar: {"appointments", "activityid"},
			target.Mail:     {"emails", "activityid"},
		},
		Read: s.readOne,
	}.Run(ctx, test, email)
	return message, entra.WithoutSecret(err)
}

// readOne reads at most one row of a table.
func (s *session) readOne(ctx context.Context, r call.Reading[user, table]) (target.Text, error) {
	if r.User != nil {
		if _, err := s.actAs(ctx, *r.User); err != nil {
			return target.Text{}, err
		}
	}
	var found struct {
		Rows []struct{} `json:"value"`
	}
	_, err := s.getAs(ctx, r.User, r.What.set+"?$select="+r.What.key+"&$top=1", &found)
	return target.Say("The %s of %s can be read.", r.Test, r.Owner(s.Self.Username)), err
}

// general verifies that the application user may use the Web API.
func (s *session) general(ctx context.Context) (target.Text, error) {
	var version struct {
		Version string `json:"Version"`
	}
	if _, err := s.get(ctx, "RetrieveVersion", &version); err != nil {
		return target.Text{}, err
	}
	message := target.Say("Signed in as %s", s.Self.Username)
	if s.Self.OrganizationName != "" {
		message = target.Say("%s of %s", message, s.Self.OrganizationName)
	}
	return target.Say("%s. The environment has version %s.", message, version.Version), nil
}
