package office365

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// The application ids of Microsoft's APIs, the same in every tenant.
const (
	graphID    = "00000003-0000-0000-c000-000000000000"
	exchangeID = "00000002-0000-0ff1-ce00-000000000000"
)

// graphNames are what a scope may call Graph.
var graphNames = []string{"https://graph.microsoft.com"}

func (s *Server) graphNames() []string { return append(slices.Clone(graphNames), s.GraphURL()) }

// exchangeNames are what a scope may call Exchange Online.
func exchangeNames() []string {
	return []string{"https://outlook.office365.com", "https://outlook.office.com"}
}

// caller finds out who calls Graph.
func (s *Server) caller(call *sandbox.Call) (*caller, *graphError) {
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
	c := &caller{server: s, call: call, rights: token.Roles, tenant: token.TenantID, app: token.ClientID}
	if token.App {
		call.SetUser(token.ClientID, "")
		return c, nil
	}
	c.rights = token.Scopes
	if c.user = s.named(token.ObjectID); c.user == nil {
		return nil, newGraphError("InvalidAuthenticationToken", "The user of the token is not there any more.")
	}
	c.about(c.user)
	return c, nil
}

// webServices serves one call of EWS: it finds out who calls, and lets the service answer.
func (s *Server) webServices(call *sandbox.Call) sandbox.Response {
	if f, ok := call.Fault(KindEWSDiagnostics); ok {
		refused := unauthorized("2000001", f.Message, f.Code)
		refused.Status = cmp.Or(f.Status, refused.Status)
		return refused
	}
	text := call.Token("Bearer")
	if text == "" {
		return unauthorized("", "", "")
	}
	if _, ok := call.Fault(ews.KindEcho); ok {
		return ews.EchoCredentials("Bearer", text)
	}
	token, err := s.Entra.Verify(text, append(exchangeNames(), exchangeID)...)
	switch {
	case errors.Is(err, entra.ErrExpired):
		return unauthorized("2000003", "The token has expired.", "invalid_lifetime")
	case errors.Is(err, entra.ErrAudience):
		return unauthorized("2000004", "The audience claim value is invalid for current resource.", "invalid_resource")
	case err != nil:
		return unauthorized("2000005", "The token has invalid signature.", "invalid_signature")
	case !s.Tenant().EWSEnabled:
		return sandbox.Response{Status: http.StatusForbidden}
	}
	if token.App {
		call.SetUser(token.ClientID, "")
		if !slices.Contains(append(token.Roles, s.Tenant().ExchangeRoles...), "full_access_as_app") &&
			!slices.Contains(s.Tenant().ExchangeRoles, "EWS.AccessAsApp") {
			return unauthorized("2000008", "The token contains not enough scope to make this call.", "invalid_grant")
		}
		return s.ews.Serve(call, ews.Caller{Application: token.ClientID, Impersonation: true})
	}
	if !slices.Contains(token.Scopes, "EWS.AccessAsUser.All") {
		return unauthorized("2000008", "The token contains not enough scope to make this call.", "invalid_grant")
	}
	account, err := s.Mailboxes.Get(token.UPN)
	if err != nil {
		return unauthorized("2000001", "The user is not found.", "invalid_user")
	}
	return s.ews.Serve(call, ews.Caller{Account: account})
}

// unauthorized refuses a token of EWS. What was wrong with it is in a header.
func unauthorized(number, reason, category string) sandbox.Response {
	header := http.Header{"Www-Authenticate": {`Bearer client_id="` + exchangeID + `", trusted_issuers="` +
		`00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", ` +
		`authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"`}}
	if number != "" {
		header.Set("X-Ms-Diagnostics", number+`;reason="`+reason+`";error_category="`+category+`"`)
	}
	return sandbox.Response{Status: http.StatusUnauthorized, Header: header}
}
