package google

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// user is the directory's entry of a user, as far as the tests ask.
type user struct {
	ID           string `json:"id"`
	PrimaryEmail string `json:"primaryEmail"`
	CustomerID   string `json:"customerId"`
	Suspended    bool   `json:"suspended"`
	Archived     bool   `json:"archived"`
}

// lookUp asks the directory for the user who has an address, be it the primary one or an alias: no two users have the
// same.
func (s *session) lookUp(ctx context.Context, email string) (user, error) {
	var found user
	err := s.get(ctx, s.directory, directory, "/admin/directory/v1/users/"+url.PathEscape(email)+
		"?projection=basic&fields=id,primaryEmail,customerId,suspended,archived", &found)
	return found, err
}

// find finds the active user who has an address. Gmail lists the messages of a suspended user, so the token endpoint and
// the APIs are not asked whether there is one.
func (s *session) find(ctx context.Context, email string) (user, error) {
	found, err := s.lookUp(ctx, email)
	fault, failed := target.AsFault(err)
	switch {
	case failed && codeOf(fault) == notFound:
		return user{}, call.UserNotFoundFault("No user has the address %s.", email)
	case failed && codeOf(fault) == forbidden:
		explained := *fault
		explained.Message += fmt.Sprintf(" Either %s has no admin role that may read users, or %s is no user of the same Workspace.",
			s.identity.Username, email)
		return user{}, &explained
	case err != nil:
		return user{}, err
	case (target.Field{Type: target.EmailAddress}).Check(found.PrimaryEmail, s.account.Network) != nil:
		return user{}, apiClassifier().UnexpectedResponse("The directory's answer has no primary address of " + email + ".")
	case found.Suspended:
		return user{}, call.UserNotFoundFault("The user %s is suspended.", found.PrimaryEmail)
	case found.Archived:
		return user{}, call.UserNotFoundFault("The user %s is archived.", found.PrimaryEmail)
	}
	return found, nil
}

// mailbox asks whose mailbox a token opens.
func (s *session) mailbox(ctx context.Context, who actor) (string, error) {
	var profile struct {
		EmailAddress string `json:"emailAddress"`
	}
	if err := s.get(ctx, who, gmail, "/gmail/v1/users/me/profile?fields=emailAddress", &profile); err != nil {
		return "", err
	}
	if profile.EmailAddress == "" {
		return "", apiClassifier().UnexpectedResponse("The answer does not tell whose mailbox it is.")
	}
	return profile.EmailAddress, nil
}

// isOwn tells whether an address is the one of the account that signed in.
func (s *session) isOwn(email string) bool { return strings.EqualFold(email, s.identity.Username) }
