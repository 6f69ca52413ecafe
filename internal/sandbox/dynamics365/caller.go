package dynamics365

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// caller is a call with the user that it is made by or as.
type caller struct {
	server *Server
	call   *sandbox.Call
	user   *User
	// original is the calling user if the call impersonates another one.
	original *User
}

// authenticate verifies the token and returns the caller.
func (s *Server) authenticate(call *sandbox.Call) (*caller, *apiError) {
	scheme, presented, _ := strings.Cut(call.Request.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return nil, s.challenge("")
	}
	token, err := s.entra.Verify(presented, s.resource())
	if err != nil {
		return nil, s.challenge(err.Error())
	}
	user := s.FindFunc(func(u User) bool {
		if token.App {
			return strings.EqualFold(u.ApplicationID, token.ClientID)
		}
		return u.ApplicationID == "" && u.ObjectID == token.ObjectID
	})
	if user != nil {
		call.SetUser(user.Username, user.Username)
	}
	if f, ok := call.Fault(KindError); ok {
		return nil, scriptedError(f)
	}
	if f, ok := call.Fault(sandbox.KindEcho); ok {
		return nil, scriptedError(Error("0x80040216").WithMessage(call.Echo(f, "An unexpected error occurred", presented)))
	}
	if token.TenantID != s.state.organization.TenantID || user == nil {
		return nil, newAPIError(http.StatusForbidden, "0x80072560", "The user is not a member of the organization.")
	}
	if user.Disabled {
		return nil, disabledError(user)
	}
	return s.impersonate(&caller{server: s, call: call, user: user})
}

// resource is the address that tokens must be for.
func (s *Server) resource() string {
	if s.state.organization.Resource != "" {
		return s.state.organization.Resource
	}
	return s.URL()
}

// impersonate makes the call act as another user if its headers require that (impersonate-another-user-web-api).
func (s *Server) impersonate(c *caller) (*caller, *apiError) {
	object, id := c.call.Request.Header.Get("CallerObjectId"), c.call.Request.Header.Get("MSCRMCallerID")
	if object == "" && id == "" || s.state.organization.IgnoresCaller {
		return c, nil
	}
	target := s.FindFunc(func(u User) bool {
		if object != "" {
			return strings.EqualFold(u.ObjectID, object)
		}
		return strings.EqualFold(u.ID, id)
	})
	switch {
	case target != nil && target.ID == c.user.ID: // the same user
		return c, nil
	case !c.user.ActOnBehalf:
		return nil, c.missingPrivilege("prvActOnBehalfOfAnotherUser", "none")
	case target == nil && object != "":
		return nil, newAPIError(http.StatusForbidden, "0x80072560", "The user is not a member of the organization.")
	case target == nil:
		return nil, newAPIError(http.StatusNotFound, "0x80040217", "systemuser With Id = %s Does Not Exist", id)
	case target.Disabled:
		return nil, disabledError(target)
	case !target.Licensed:
		return nil, newAPIError(http.StatusForbidden, "0x8004d24b", "The specified user(Id = %s) does not have any License.", target.ID)
	}
	c.original, c.user = c.user, target
	c.call.SetUser(c.original.Username, target.Username)
	return c, nil
}

func disabledError(user *User) *apiError {
	return newAPIError(http.StatusForbidden, "0x80040225",
		"The specified user(Id = %s) is disabled. Consider enabling this user.", user.ID)
}

// missingPrivilege is the error for a missing privilege.
func (c *caller) missingPrivilege(privilege, kind string) *apiError {
	return newAPIError(http.StatusForbidden, "0x80040220", "Principal user (Id=%s, type=8, roleCount=1, privilegeCount=12, "+
		"accessMode='4 Non-interactive') is missing %s privilege on OTC=1 for entity '%s'. context.Caller=%s.",
		c.user.ID, privilege, kind, c.user.ID)
}

// challenge is the response to a call without a valid token.
func (s *Server) challenge(reason string) *apiError {
	header := fmt.Sprintf("Bearer authorization_uri=%s/%s/oauth2/authorize, resource_id=%s/",
		s.URLOf(entra.Site), s.state.organization.TenantID, s.resource())
	if reason != "" {
		header += ", error=invalid_token"
	}
	return &apiError{status: http.StatusUnauthorized, header: http.Header{"Www-Authenticate": {header}, "Req_id": {"00"}}}
}
