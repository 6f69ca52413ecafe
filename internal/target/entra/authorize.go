package entra

import (
	"context"
	"net/url"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// OfflineAccess is the scope of a refresh token. Responses do not list it.
const OfflineAccess = "offline_access"

// Endpoint returns the authorization endpoint of the tenant (v2-oauth2-auth-code-flow, "Request an authorization code").
func Endpoint(a target.Account) string { return tenantURL(a) + "/oauth2/v2.0/authorize" }

// Redirect is what Entra accepts on the person's own machine: the port of localhost is ignored when addresses are compared
// (reply-url, "Localhost exceptions").
func Redirect() target.LoopbackRedirect { return target.LoopbackRedirect{Host: "localhost"} }

// Parameters are Entra's own parameters: a new sign-in, whatever session the browser has, or the choice of an account.
func Parameters(p target.Prompt) url.Values {
	if p.Another {
		return url.Values{"prompt": {"select_account"}, "response_mode": {"query"}}
	}
	return url.Values{"prompt": {"login"}, "login_hint": {p.Username}, "response_mode": {"query"}}
}

// Exchange exchanges a code, with the client secret or a certificate if the account has one. Errors are *[target.Fault].
func (a Application) Exchange(ctx context.Context, c target.AuthorizationCode) (target.Issued, error) {
	endpoint, err := a.endpoint()
	if err != nil {
		return target.Issued{}, a.withField(err)
	}
	token, err := endpoint.Code(ctx, c)
	if err != nil {
		return target.Issued{}, a.withField(err)
	}
	// .default stands for the permissions of the registration, which the response lists instead.
	return oauth.Issued(token, []string{OfflineAccess}, []string{OfflineAccess}, nil), nil
}

// AdminConsent returns the address where an administrator approves the app (v2-admin-consent).
func AdminConsent(a target.Account, scope, redirect string) string {
	return tenantURL(a) + "/v2.0/adminconsent?" + url.Values{
		"client_id": {a.Setting(ClientID)}, "scope": {scope}, "redirect_uri": {redirect},
	}.Encode()
}

// needAdmin are the errors that an administrator's approval fixes (reference-error-codes).
var needAdmin = []string{
	"AADSTS65001", "AADSTS90008", "AADSTS90093", "AADSTS90094", "AADSTS90095", "AADSTS650056", "consent_required",
}

// Refused says what an error means that Entra sends with the browser.
func (a Application) Refused(code, description string) target.Refusal {
	reported := tokenError{Error: code, Description: description}
	found := reported.code()
	refusal := target.Refusal{Fault: oauth.Refusal(a.classifier(), found, description)}
	switch {
	case slices.Contains(needAdmin, found):
		refusal.Kind = target.RefusedWithoutAdmin
	case slices.Contains([]string{"access_denied", "permission_denied", "AADSTS65004"}, found):
		refusal.Kind = target.RefusedByPerson
	case refusal.Fault.Code == target.InsufficientPermission:
		refusal.Kind = target.RefusedByPolicy
	}
	return refusal
}
