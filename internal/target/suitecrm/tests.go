package suitecrm

import (
	"context"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Run runs a test, about the user if there is one. The tests read a module.
func (s *session) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	return call.Tests[user, string]{
		General: func(context.Context) (target.Text, error) {
			return target.Say("Signed in as %s.", s.Self.Username), nil
		},
		Find: s.find,
		Found: func(u user, _ string) target.Text {
			return target.Say("The user %s is active.", u.Attributes.Email)
		},
		Reads: map[target.Test]string{target.Contacts: "Contacts", target.Calendar: "Meetings", target.Mail: "Emails"},
		Read:  s.readOne,
	}.Run(ctx, test, email)
}

// readOne reads at most one record of a module: one of the user's, if there is a user.
func (s *session) readOne(ctx context.Context, r call.Reading[user, string]) (target.Text, error) {
	query := url.Values{"fields[" + r.What + "]": {"name"}, "page[size]": {"1"}, "page[number]": {"1"}}
	if r.User != nil {
		query.Set("filter[assigned_user_id][eq]", r.User.ID)
	}
	var read struct {
		Data []struct{} `json:"data"`
	}
	return target.Say("The %s of %s can be read.", r.Test, r.Owner(s.Self.Username)),
		s.get(ctx, "/V8/module/"+r.What+"?"+query.Encode(), &read)
}
