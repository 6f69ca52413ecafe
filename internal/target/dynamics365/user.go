package dynamics365

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

// userColumns are the columns of a user.
const userColumns = "systemuserid,fullname,domainname,internalemailaddress,isdisabled,applicationid,azureactivedirectoryobjectid"

// user is the part of a user that the tests read.
type user struct {
	ID            string `json:"systemuserid"`
	FullName      string `json:"fullname"`
	Domain        string `json:"domainname"`
	Email         string `json:"internalemailaddress"`
	Disabled      bool   `json:"isdisabled"`
	ApplicationID string `json:"applicationid"`
	ObjectID      string `json:"azureactivedirectoryobjectid"`
}

// name is the name for messages.
func (u user) name() string { return cmp.Or(u.Domain, u.FullName, u.ID) }

func (u user) match() call.MatchedUser {
	m := call.MatchedUser{Name: u.name(), Address: u.Email}
	if u.Disabled {
		m.State = "disabled"
	}
	return m
}

// impersonate sets the header that makes a call as the user: with the id in Entra, which the documentation prefers, or with the
// id in the environment if there is no other (impersonate-another-user-web-api).
func (u user) impersonate(h http.Header) {
	if entra.IsGUID(u.ObjectID) {
		h.Set("CallerObjectId", u.ObjectID)
		return
	}
	h.Set("MSCRMCallerID", u.ID)
}

// find returns the one active user with an address.
func (s *session) find(ctx context.Context, email string) (user, error) {
	query := url.Values{
		"$select": {userColumns}, "$filter": {"internalemailaddress eq " + call.Literal(email)}, "$top": {"20"},
	}
	var found struct {
		Users []user `json:"value"`
	}
	response, err := s.get(ctx, "systemusers?"+query.Encode(), &found)
	if err != nil {
		return user{}, err
	}
	one, err := call.SingleActiveUser("user", email, found.Users, user.match)
	if err == nil && !entra.IsGUID(one.ID) {
		return user{}, s.Classifier.UnusableResponse(response, "a user without an id")
	}
	return one, err
}

// actAs verifies that calls can be made as the user: the environment must name the user as the caller.
func (s *session) actAs(ctx context.Context, u user) (target.Text, error) {
	var who whoAmI
	if _, err := s.getAs(ctx, &u, "WhoAmI", &who); err != nil {
		return target.Text{}, asUserFault(err, u)
	}
	if !strings.EqualFold(who.UserID, u.ID) {
		return target.Text{}, &target.Fault{
			Code: target.InsufficientPermission,
			Message: target.Say("The environment did not act as %s. It ignores impersonation by %s, who may lack "+
				"prvActOnBehalfOfAnotherUser.", u.name(), s.Self.Username),
		}
	}
	return target.Say("The application user can act as %s.", u.name()), nil
}

// asUserFault makes a fault about the user of failures when acting as that user: the application user has already signed in, so
// it is neither disabled nor unknown.
func asUserFault(err error, u user) error {
	fault, ok := target.AsFault(err)
	if !ok || !slices.Contains(userCodes(), codeOf(fault)) {
		return err
	}
	return &target.Fault{
		Code: target.UserNotFound, Cause: fault,
		Message: target.Say("The environment does not allow acting as %s: %s", u.name(), fault.Message),
	}
}
