package dynamics365

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// caller is a call, and whom it is made by or as.
type caller struct {
	server *Server
	call   *sandbox.Call
	user   *User
	// original is who really calls, when the call is made as somebody else.
	original *User
}

// admit finds out who calls.
func (s *Server) admit(call *sandbox.Call) (*caller, *apiError) {
	scheme, presented, _ := strings.Cut(call.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, s.challenge("")
	}
	token, err := s.entra.Verify(presented, s.address())
	if err != nil {
		return nil, s.challenge(err.Error())
	}
	user := s.state.find(func(u User) bool {
		if token.App {
			return strings.EqualFold(u.ApplicationID, token.ClientID)
		}
		return u.ApplicationID == "" && u.ObjectID == token.ObjectID
	})
	if user != nil {
		call.SetUser(user.Username, user.Username)
	}
	if f, ok := call.Fault(KindError); ok {
		return nil, scripted(f)
	}
	if token.TenantID != s.state.organization.TenantID || user == nil {
		return nil, newAPIError(http.StatusForbidden, "0x80072560", "The user is not a member of the organization.")
	}
	if user.Disabled {
		return nil, isDisabled(user)
	}
	return s.as(&caller{server: s, call: call, user: user})
}

// address is what tokens have to be for.
func (s *Server) address() string {
	if s.state.organization.Resource != "" {
		return s.state.organization.Resource
	}
	return s.URL()
}

// as makes the call one of somebody else, if its headers say so (impersonate-another-user-web-api).
func (s *Server) as(c *caller) (*caller, *apiError) {
	object, id := c.call.Request.Header.Get("CallerObjectId"), c.call.Request.Header.Get("MSCRMCallerID")
	if object == "" && id == "" || s.state.organization.IgnoresCaller {
		return c, nil
	}
	to := s.state.find(func(u User) bool {
		if object != "" {
			return strings.EqualFold(u.ObjectID, object)
		}
		return strings.EqualFold(u.ID, id)
	})
	switch {
	case to != nil && to.ID == c.user.ID: // nobody else
		return c, nil
	case !c.user.ActOnBehalf:
		return nil, c.missingPrivilege("prvActOnBehalfOfAnotherUser", "none")
	case to == nil && object != "":
		return nil, newAPIError(http.StatusForbidden, "0x80072560", "The user is not a member of the organization.")
	case to == nil:
		return nil, newAPIError(http.StatusNotFound, "0x80040217", "systemuser With Id = %s Does Not Exist", id)
	case to.Disabled:
		return nil, isDisabled(to)
	case !to.Licensed:
		return nil, newAPIError(http.StatusForbidden, "0x8004d24b", "The specified user(Id = %s) does not have any License.", to.ID)
	}
	c.original, c.user = c.user, to
	c.call.SetUser(c.original.Username, to.Username)
	return c, nil
}

func isDisabled(user *User) *apiError {
	return newAPIError(http.StatusForbidden, "0x80040225",
		"The specified user(Id = %s) is disabled. Consider enabling this user.", user.ID)
}

// missingPrivilege is a privilege that is missing.
func (c *caller) missingPrivilege(privilege, kind string) *apiError {
	return newAPIError(http.StatusForbidden, "0x80040220", "Principal user (Id=%s, type=8, roleCount=1, privilegeCount=12, "+
		"accessMode='4 Non-interactive') is missing %s privilege on OTC=1 for entity '%s'. context.Caller=%s.",
		c.user.ID, privilege, kind, c.user.ID)
}

// challenge is the answer to a call without a token, or with one that is not taken.
func (s *Server) challenge(reason string) *apiError {
	header := fmt.Sprintf("Bearer authorization_uri=%s/%s/oauth2/authorize, resource_id=%s/",
		s.URLOf(entra.Site), s.state.organization.TenantID, s.address())
	if reason != "" {
		header += ", error=invalid_token"
	}
	return &apiError{status: http.StatusUnauthorized, header: http.Header{"Www-Authenticate": {header}, "Req_id": {"00"}}}
}
