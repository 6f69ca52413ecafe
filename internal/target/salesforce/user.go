package salesforce

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// user is a user of the organisation, as far as the tests ask.
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

// find finds the one active user who has an address. Users of portals and communities are not asked for: people who
// work in the organisation can have such an account besides, with the same address.
func (s *session) find(ctx context.Context, email string) (user, error) {
	var found []user
	err := s.query(ctx, "SELECT Id, Username, Email, IsActive FROM User WHERE UserType = 'Standard' AND Email = "+quote(email)+
		" LIMIT 20", &found)
	if err != nil {
		return user{}, err
	}
	return call.SingleActiveUser("user", email, found, user.match)
}

// checkModifyAllData asks whether the service user has the permission that stands in for acting as others: UserPermissionAccess has
// one record, about who asks (Salesforce field reference guide). Not every organisation tells; whether it is so comes out
// when records are written, then.
func (s *session) checkModifyAllData(ctx context.Context, u user) (string, error) {
	if !s.mayModifyAll {
		var found []struct {
			ModifyAllData *bool `json:"PermissionsModifyAllData"`
		}
		err := s.query(ctx, "SELECT PermissionsModifyAllData FROM UserPermissionAccess LIMIT 1", &found)
		fault, failed := target.AsFault(err)
		if err != nil && (!failed || fault.Code != target.InsufficientPermission) {
			return "", err
		}
		if failed || len(found) != 1 || found[0].ModifyAllData == nil {
			return "The user " + u.Username + " is active. Whether the service user may modify all data is not told.", nil
		}
		if s.mayModifyAll = *found[0].ModifyAllData; !s.mayModifyAll {
			return "", &target.Fault{
				Code:    target.InsufficientPermission,
				Message: s.identity.Username + " lacks the permission Modify All Data, so it cannot work for other users.",
			}
		}
	}
	return "The service user may work for " + u.Username + ".", nil
}
