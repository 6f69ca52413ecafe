package office365

import (
	"errors"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

// The application ids of Microsoft's APIs, which are the same in every tenant.
const (
	graphID    = "00000003-0000-0000-c000-000000000000"
	exchangeID = "00000002-0000-0ff1-ce00-000000000000"
)

// graphNames are the names of Graph in a scope.
var graphNames = []string{"https://graph.microsoft.com"}

func (s *Server) graphNames() []string { return append(slices.Clone(graphNames), s.GraphURL()) }

// authenticate verifies the token of a call of Graph and returns the caller.
func (s *Server) authenticate(call *sandbox.Call) (*caller, *graphError) {
	text := call.Token("Bearer")
	if text == "" {
		return nil, newGraphError("InvalidAuthenticationToken", "Access token is empty.")
	}
	token, err := s.Entra.Verify(text, append(s.graphNames(), graphID)...)
	switch {
	case errors.Is(err, entra.ErrExpired):
		return nil, newGraphError("InvalidAuthenticationToken", "Lifetime validation failed, the token is expired.")
	case errors.Is(err, entra.ErrAudience):
		return nil, newGraphError("InvalidAuthenticationToken", "Access token validation failure. Invalid audience.")
	case err != nil && strings.Count(text, ".") != 2:
		return nil, newGraphError("InvalidAuthenticationToken", "IDX14100: JWT is not well formed, there are no dots (.).")
	case err != nil:
		return nil, newGraphError("InvalidAuthenticationToken", "Signature is invalid.")
	}
	c := &caller{server: s, call: call, permissions: token.Roles, tenant: token.TenantID, app: token.ClientID}
	if token.App {
		call.SetUser(token.ClientID, "")
		return c, nil
	}
	c.permissions = token.Scopes
	if c.user = s.findUser(token.ObjectID); c.user == nil {
		return nil, newGraphError("InvalidAuthenticationToken", "The user of the token no longer exists.")
	}
	c.recordUser(c.user)
	return c, nil
}
