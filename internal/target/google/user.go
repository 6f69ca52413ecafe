package google

import (
	"context"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// user is the part of a directory entry that the tests read.
type user struct {
	ID           string `json:"id"`
	PrimaryEmail string `json:"primaryEmail"`
	CustomerID   string `json:"customerId"`
	Suspended    bool   `json:"suspended"`
	Archived     bool   `json:"archived"`
}

// lookUp reads the directory entry of the user with an address, a primary one or an alias: no two users share one.
func (s *session) lookUp(ctx context.Context, email string) (user, error) {
	var found user
	err := s.get(ctx, s.directory, directory, "/admin/directory/v1/users/"+url.PathEscape(email)+
		"?projection=basic&fields=id,primaryEmail,customerId,suspended,archived", &found)
	return found, err
}

// find returns the active user with an address. Gmail lists the messages of a suspended user, so the token endpoint and the other
// APIs cannot decide that.
func (s *session) find(ctx context.Context, email string) (user, error) {
	found, err := s.lookUp(ctx, email)
	fault, failed := target.AsFault(err)
	switch {
	case failed && (fault.Code == target.UserNotFound || codeOf(fault) == "notFound"):
		return user{}, call.UserNotFoundFault("No user has the address %s.", email)
	case failed && codeOf(fault) == "forbidden":
		explained := *fault
		explained.Message = target.Say(
			"%s Either %s has no admin role that may read users, or %s is not a user of the same Workspace.",
			fault.Message, s.Self.Username, email)
		return user{}, &explained
	case err != nil:
		return user{}, err
	case (target.Field{Type: target.EmailAddress}).Check(found.PrimaryEmail, s.Account.Network) != nil:
		return user{}, s.Classifier.UnexpectedResponse("The directory's response has no primary address of %s.", email)
	case found.Suspended:
		return user{}, call.UserNotFoundFault("The user %s is suspended.", found.PrimaryEmail)
	case found.Archived:
		return user{}, call.UserNotFoundFault("The user %s is archived.", found.PrimaryEmail)
	}
	return found, nil
}

// mailbox returns the owner of the mailbox that a token opens.
func (s *session) mailbox(ctx context.Context, who actor) (string, error) {
	var profile struct {
		EmailAddress string `json:"emailAddress"`
	}
	if err := s.get(ctx, who, gmail, "/gmail/v1/users/me/profile?fields=emailAddress", &profile); err != nil {
		return "", err
	}
	if profile.EmailAddress == "" {
		return "", s.Classifier.UnexpectedResponse("The response does not name the owner of the mailbox.")
	}
	return profile.EmailAddress, nil
}

// isOwn reports whether an address is that of the account that signed in.
func (s *session) isOwn(email string) bool { return strings.EqualFold(email, s.Self.Username) }
