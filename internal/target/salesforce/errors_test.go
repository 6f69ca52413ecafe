package salesforce_test

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"strings"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// errorCases are Salesforce's errors: of the token endpoint, the REST API, the identity services, and the servers in front of
// them.
func errorCases(s conformance.Suite, grant string) map[string]conformance.ErrorCase {
	all := tokenErrors(s, grant)
	maps.Copy(all, apiErrors(s))
	maps.Copy(all, identityErrors(s))
	maps.Copy(all, statusErrors(s))
	return all
}

// impossibleErrors are the errors of grants that are not supported.
func impossibleErrors() map[string]string {
	const soap = "there is no sign-in with SOAP, whose login() Salesforce retires"
	const browser = "there is no redirect from a browser"
	return map[string]string{
		"SOAP INVALID_LOGIN": soap, "SOAP LOGIN_MUST_USE_SECURITY_TOKEN": soap,
		"SOAP INVALID_OPERATION_WITH_EXPIRED_PASSWORD": soap, "SOAP passwordExpired": soap, "SOAP ORG_LOCKED": soap,
		"callback without a code": browser, "callback access_denied": browser, "callback OAUTH_APP_ACCESS_DENIED": browser,
	}
}

// tokenErrors are the errors of the token endpoint. Most causes share a code, so the text decides.
func tokenErrors(s conformance.Suite, grant string) map[string]conformance.ErrorCase {
	secret := map[string]string{
		jwtBearer: "private_key", clientCredentials: "client_secret", refreshToken: "refresh_token",
	}[grant]
	all := map[string]conformance.ErrorCase{}
	for _, row := range []struct {
		code, message string
		means         target.Code
		field         string
	}{
		{"invalid_grant", "authentication failure", target.GivenCredentials, ""},
		{"invalid_grant", "expired access/refresh token", target.GivenCredentials, secret},
		{"invalid_grant", "expired authorization code", target.GivenCredentials, ""},
		{"invalid_grant", "invalid assertion", target.GivenCredentials, "private_key"},
		{"invalid_grant", "something new", target.GivenCredentials, ""},
		{"invalid_client", "invalid client credentials", target.GivenCredentials, "client_secret"},
		{"invalid_client_id", "client identifier invalid", target.GivenCredentials, "client_id"},
		{"invalid_grant", "inactive user", target.GivenCredentials, "username"},
		{"inactive_user", "user is inactive", target.GivenCredentials, "username"},
		{"inactive_org", "organization is locked, closed, or suspended", target.SystemNotAvailable, "login_url"},
		{"server_error", "", target.SystemNotAvailable, "login_url"},
		{"temporarily_unavailable", "", target.SystemNotAvailable, "login_url"},
		{"unknown_error", "retry your request", target.SystemNotAvailable, "login_url"},
		{"rate_limit_exceeded", "number of logins exceeded", target.Throttled, ""},
		{"invalid_grant", "Login rate exceeded", target.Throttled, ""},
		{"invalid_grant", "IP restricted or invalid login hours", target.InsufficientPermission, ""},
		{"invalid_grant", "user hasn't approved this consumer", target.InsufficientPermission, ""},
		{"invalid_grant", "user is not admin approved to access this app", target.InsufficientPermission, ""},
		{"invalid_app_access", "user is not admin approved to access this app", target.InsufficientPermission, ""},
		{"OAUTH_APP_ACCESS_DENIED", "", target.InsufficientPermission, ""},
		{"access_denied", "end-user denied authorization", target.InsufficientPermission, ""},
		{"app_not_found", "External client app is not installed in this org", target.Misconfigured, "client_id"},
		{"invalid_grant", "app is not installed in this org", target.Misconfigured, "client_id"},
		{"unauthorized_client", "", target.Misconfigured, "client_id"},
		{"OAUTH_EC_APP_NOT_FOUND", "", target.Misconfigured, "client_id"},
		{"invalid_grant", "request not supported on this domain", target.Misconfigured, "login_url"},
		{"invalid_grant", "no client credentials user enabled", target.Misconfigured, "client_id"},
		{"invalid_grant", "client credentials flow not enabled", target.Misconfigured, "client_id"},
		{"invalid_grant", "Audience validation failed", target.Misconfigured, "login_url"},
		{"unsupported_grant_type", "grant type not supported", target.Misconfigured, "client_id"},
		{"redirect_uri_mismatch", "", target.Misconfigured, "client_id"},
		{"invalid_scope", "", target.Misconfigured, "client_id"},
		{"never_heard_of", "it", target.Misconfigured, "login_url"},
	} {
		fault := sandbox.TokenError(row.code).WithMessage(row.message)
		errorCase := conformance.ErrorCase{
			Fault: row.means, Field: row.field, Message: cmp.Or(row.message, row.code), Setup: s.Failing(fault),
		}
		all[row.code+" "+row.message] = errorCase
		if strings.HasPrefix(row.code, "invalid_client") {
			// Salesforce returns 400 where RFC 6749, 5.2, also allows 401: the code decides.
			fault.Status = http.StatusUnauthorized
			errorCase.Setup = s.Failing(fault)
			all[row.code+" with a 401"] = errorCase
		}
	}
	return all
}

// apiErrors are the errors of the REST API.
func apiErrors(s conformance.Suite) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{}
	for fault, codes := range map[target.Code][]string{
		target.GivenCredentials: {"INVALID_SESSION_ID", "INVALID_AUTH_HEADER"},
		target.InsufficientPermission: {
			"API_DISABLED_FOR_ORG", "API_CURRENTLY_DISABLED", "INSUFFICIENT_ACCESS", "INSUFFICIENT_ACCESS_OR_READONLY",
			"INVALID_TYPE", "INVALID_FIELD",
		},
		target.Throttled: {"REQUEST_LIMIT_EXCEEDED"},
		target.SystemNotAvailable: {
			"SERVER_UNAVAILABLE", "UNKNOWN_EXCEPTION", "QUERY_TIMEOUT", "ORG_LOCKED", "INACTIVE_ORG",
		},
		target.Misconfigured: {
			"NOT_FOUND", "UNSUPPORTED_API_VERSION", "METHOD_NOT_ALLOWED", "FUNCTIONALITY_NOT_ENABLED", "NEVER_HEARD_OF",
		},
	} {
		for _, code := range codes {
			all[code] = conformance.ErrorCase{Fault: fault, Message: code, Setup: s.FailingLater(sandbox.APIError(code))}
		}
	}
	all["session without the scope api"] = conformance.ErrorCase{
		Fault: target.InsufficientPermission, Field: "client_id", Message: "not valid for use with the REST API",
		Setup: s.Failing(sandbox.NoAPIScope()),
	}
	agent := sandbox.APIError("NEVER_HEARD_OF").WithMessage("Connected app is not attached to Agent")
	agent.Status = http.StatusUnauthorized
	all["app that is not attached to the agent"] = conformance.ErrorCase{
		Fault: target.InsufficientPermission, Field: "client_id", Message: "not attached to Agent", Setup: s.Failing(agent),
	}
	return all
}

// identityErrors are the errors of userinfo (Salesforce help, "Identity URLs").
func identityErrors(s conformance.Suite) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{}
	for word, row := range map[string]struct {
		status int
		means  target.Code
	}{
		"Bad_OAuth_Token":     {http.StatusForbidden, target.GivenCredentials},
		"Missing_OAuth_Token": {http.StatusForbidden, target.GivenCredentials},
		"Inactive":            {http.StatusNotFound, target.GivenCredentials},
		"Wrong_Org":           {http.StatusForbidden, target.Misconfigured},
		"Bad_Id":              {http.StatusNotFound, target.Misconfigured},
		"HTTPS_Required":      {http.StatusForbidden, target.Misconfigured},
		"No_Access":           {http.StatusNotFound, target.InsufficientPermission},
		"Something_Else":      {http.StatusForbidden, target.InsufficientPermission},
	} {
		fault := sandbox.IdentityError(word)
		fault.Status = row.status
		all[word] = conformance.ErrorCase{Fault: row.means, Message: word, Setup: s.FailingLater(fault)}
	}
	return all
}

// statusErrors are responses without a text, and no response, to each call in turn.
func statusErrors(s conformance.Suite) map[string]conformance.ErrorCase {
	all := map[string]conformance.ErrorCase{}
	for _, operation := range s.Operations {
		for status, fault := range map[int]target.Code{
			http.StatusForbidden: target.InsufficientPermission, http.StatusNotFound: target.Misconfigured,
			http.StatusTooManyRequests: target.Throttled, http.StatusBadGateway: target.SystemNotAvailable,
			http.StatusServiceUnavailable: target.SystemNotAvailable, http.StatusUnauthorized: target.GivenCredentials,
			http.StatusOK: target.Misconfigured, http.StatusNoContent: target.Misconfigured,
			420: target.Misconfigured, // Salesforce's edge does not know the host (REST API developer guide, "Status codes")
		} {
			all[fmt.Sprint(status, " of ", operation)] = conformance.ErrorCase{
				Fault: fault, Setup: s.FailingLater(sandboxcore.Status(status).ForOperation(operation)),
			}
		}
		all["no response of "+operation] = conformance.ErrorCase{
			Fault: target.SystemNotAvailable, Setup: s.Failing(sandboxcore.Closed().ForOperation(operation)),
		}
	}
	return all
}
