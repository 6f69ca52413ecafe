package office365

import (
	"cmp"
	"errors"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// serveEWS verifies the token of a call of EWS and serves it.
func (s *Server) serveEWS(call *sandbox.Call) sandbox.Response {
	if f, ok := call.Fault(KindEWSDiagnostics); ok {
		response := unauthorized("2000001", f.Message, f.Code)
		response.Status = cmp.Or(f.Status, response.Status)
		return response
	}
	text := call.Token("Bearer")
	if text == "" {
		return unauthorized("", "", "")
	}
	if f, ok := call.Fault(sandbox.KindEcho); ok {
		return ews.EchoCredentials(call, f, "Bearer", text)
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
	account, err := s.Mailboxes.User(token.UPN)
	if err != nil {
		return unauthorized("2000001", "The user is not found.", "invalid_user")
	}
	return s.ews.Serve(call, ews.Caller{Account: account})
}

// unauthorized rejects a token of EWS. A header contains the reason.
func unauthorized(number, reason, category string) sandbox.Response {
	header := http.Header{"Www-Authenticate": {`Bearer client_id="` + exchangeID + `", trusted_issuers="` +
		`00000001-0000-0000-c000-000000000000@*", token_types="app_asserted_user_v1 service_asserted_app_v1", ` +
		`authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"`}}
	if number != "" {
		header.Set("X-Ms-Diagnostics", number+`;reason="`+reason+`";error_category="`+category+`"`)
	}
	return sandbox.Response{Status: http.StatusUnauthorized, Header: header}
}

// exchangeNames are the names of Exchange Online in a scope.
func exchangeNames() []string {
	return []string{"https://outlook.office365.com", "https://outlook.office.com"}
}
