package office365

import (
	"context"
	"errors"
	"net/url"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// user is the part of a user that the tests read.
type user struct {
	ID        string `json:"id"`
	Principal string `json:"userPrincipalName"`
	Mail      string `json:"mail"`
	// Enabled reports whether the user may sign in; nil if the permission does not show it.
	Enabled *bool `json:"accountEnabled"`

	addresses []string // of the user who signed in
}

// userProperties are the requested properties of a user.
const userProperties = "id,userPrincipalName,mail,accountEnabled"

// find returns the one user with an address. The directory finds users by their principal names, which are the addresses of
// most users; for the others it is searched.
func (s *graphSession) find(ctx context.Context, email string) (user, error) {
	var found user
	err := s.get(ctx, "/users/"+url.PathEscape(email), url.Values{"$select": {userProperties}}, &found)
	if systemErr, ok := errors.AsType[*call.SystemError](err); ok && systemErr.Code == resourceNotFound {
		found, err = s.search(ctx, email)
	}
	if err != nil {
		return user{}, err
	}
	if found.ID == "" {
		return user{}, s.Classifier.UnexpectedResponse("The response names no user.")
	}
	return found, s.checkActive(ctx, email, found)
}

// search finds a user by any address. Several users can share one: guests and contacts of the same name. Blocked users are
// ignored if an active one remains.
func (s *graphSession) search(ctx context.Context, email string) (user, error) {
	var found struct {
		Value []user `json:"value"`
	}
	err := s.get(ctx, "/users", url.Values{
		"$filter": {"mail eq " + call.Literal(email) + " or proxyAddresses/any(p:p eq " + call.Literal("smtp:"+email) + ")"},
		"$select": {userProperties}, "$count": {"true"}, "$top": {"20"},
	}, &found)
	if err != nil {
		return user{}, err
	}
	active := slices.DeleteFunc(slices.Clone(found.Value), func(u user) bool { return u.Enabled != nil && !*u.Enabled })
	switch {
	case len(found.Value) == 0:
		return user{}, call.UserNotFoundFault("No user has the address %s.", email)
	case len(active) > 1:
		return user{}, call.UserNotFoundFault("%d users match %s: %s and %s, for example.",
			len(active), email, active[0].Principal, active[1].Principal)
	case len(active) == 1:
		return active[0], nil
	}
	return found.Value[0], nil
}

// checkActive rejects users who may not sign in: users who have left are kept this way. The account of a shared mailbox, a room
// or a piece of equipment may never sign in, which is normal; the purpose of the mailbox shows that
// (https://learn.microsoft.com/graph/api/resources/mailboxsettings, userPurpose).
func (s *graphSession) checkActive(ctx context.Context, email string, u user) error {
	if u.Enabled == nil || *u.Enabled {
		return nil
	}
	var purpose struct {
		Value string `json:"value"`
	}
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	err := s.get(ctx, "/users/"+url.PathEscape(u.ID)+"/mailboxSettings/userPurpose", nil, &purpose)
	if err == nil && slices.Contains([]string{"shared", "room", "equipment"}, purpose.Value) {
		return nil
	}
	message := target.Own("The user with the address %s (%s) is not active: sign-in is blocked.")
	if err != nil {
		message += " If it is a shared mailbox, the permission MailboxSettings.Read shows that."
	}
	return call.UserNotFoundFault(message, email, u.Principal)
}
