package suitecrm

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// user is the part of a user that the tests read.
type user struct {
	ID         string `json:"id"`
	Attributes struct {
		Email string `json:"email1"`
	} `json:"attributes"`
}

// find returns the one active user with an address. From 7.12.9 on, SuiteCRM hides the name and the status of other users
// ("api-visible" in the vardefs of the module Users), but filters by them, so the query selects active ones. SuiteCRM also
// finds users by removed addresses, and some users twice: a match with the primary address counts first.
func (s *session) find(ctx context.Context, email string) (user, error) {
	var found struct {
		Data []user `json:"data"`
	}
	query := url.Values{
		"filter[email1][eq]": {email}, "filter[status][eq]": {"Active"}, "filter[operator]": {"and"},
		"fields[Users]": {"email1"}, "page[size]": {"20"}, "page[number]": {"1"},
	}
	if err := s.get(ctx, "/V8/module/Users?"+query.Encode(), &found); err != nil {
		return user{}, noLookupFault(err)
	}
	users := distinct(found.Data)
	if exact := slices.DeleteFunc(slices.Clone(users), func(u user) bool {
		return !strings.EqualFold(u.Attributes.Email, email)
	}); len(exact) > 0 {
		users = exact
	}
	switch {
	case len(users) == 0:
		return user{}, call.UserNotFoundFault("No active user has the address %s.", email)
	case len(users) > 1:
		return user{}, call.UserNotFoundFault("%d active users match %s: %s and %s, for example.",
			len(users), email, users[0].label(), users[1].label())
	case users[0].ID == "" || users[0].Attributes.Email == "":
		return user{}, s.Classifier.UnexpectedResponse("The response does not contain the user's id and email address.")
	}
	return users[0], nil
}

// label names a user among several with one address.
func (u user) label() string { return u.Attributes.Email + " (id " + u.ID + ")" }

// distinct removes duplicates.
func distinct(users []user) []user {
	seen := map[string]bool{}
	return slices.DeleteFunc(slices.Clone(users), func(u user) bool {
		known := seen[u.ID]
		seen[u.ID] = true
		return known
	})
}

// noLookupFault explains the error of versions before 7.12.3: their database fails for a query by address.
func noLookupFault(err error) error {
	systemErr, _ := errors.AsType[*call.SystemError](err)
	fault, ok := target.AsFault(err)
	if systemErr == nil || !ok || systemErr.Code != "" ||
		fault.Code != target.SystemNotAvailable && fault.Code != target.Misconfigured {
		return err
	}
	return &target.Fault{
		Code: target.Misconfigured, Field: instanceURL, Cause: err,
		Message: target.Say("Users cannot be found by address; SuiteCRM supports that from 7.12.3 on. Its error: %s", systemErr.Text()),
	}
}
