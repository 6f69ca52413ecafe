package salesforce

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// user is the part of a user that the tests read.
type user struct {
	ID       string `json:"Id"`
	Username string `json:"Username"`
	Email    string `json:"Email"`
	Active   bool   `json:"IsActive"`
}

func (u user) match() call.MatchedUser {
	m := call.MatchedUser{Name: u.Username, Address: u.Email}
	if !u.Active {
		m.State = "not active"
	}
	return m
}

// find returns the one active user with an address. Users of portals and communities are excluded: an employee can have such
// an account too, with the same address.
func (s *session) find(ctx context.Context, email string) (user, error) {
	var found []user
	err := s.query(ctx, "SELECT Id, Username, Email, IsActive FROM User WHERE UserType = 'Standard' AND Email = "+quote(email)+
		" LIMIT 20", &found)
	if err != nil {
		return user{}, err
	}
	return call.SingleActiveUser("user", email, found, user.match)
}

// checkModifyAllData checks that the service user has the permission that Salesforce has instead of acting as a user.
// UserPermissionAccess has one record, about the caller (Salesforce field reference guide). Not every organization shows it; then
// a missing permission is found only when records are written.
func (s *session) checkModifyAllData(ctx context.Context, u user) (target.Text, error) {
	if !s.mayModifyAll {
		var found []struct {
			ModifyAllData *bool `json:"PermissionsModifyAllData"`
		}
		err := s.query(ctx, "SELECT PermissionsModifyAllData FROM UserPermissionAccess LIMIT 1", &found)
		fault, failed := target.AsFault(err)
		if err != nil && (!failed || fault.Code != target.InsufficientPermission) {
			return target.Text{}, err
		}
		if failed || len(found) != 1 || found[0].ModifyAllData == nil {
			return target.Say("The user %s is active. Salesforce does not show whether the service user may modify all data.",
				u.Username), nil
		}
		if s.mayModifyAll = *found[0].ModifyAllData; !s.mayModifyAll {
			return target.Text{}, &target.Fault{
				Code:    target.InsufficientPermission,
				Message: target.Say("%s lacks the permission Modify All Data, so it cannot work for other users.", s.Self.Username),
			}
		}
	}
	return target.Say("The service user may work for %s.", u.Username), nil
}
