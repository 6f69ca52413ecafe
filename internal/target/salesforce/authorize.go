package salesforce

import (
	"context"
	"net/url"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// scopes are what a person is asked for: data, identity, and a refresh token (Salesforce help, "OAuth Tokens and Scopes").
func scopes(target.Account) []string { return []string{"api", "id", refreshToken} }

// authorize declares the web server flow (Salesforce help, remoteaccess_oauth_web_server_flow and
// remoteaccess_oauth_flow_errors). prompt=login requires a new sign-in even if the browser has the session of another user, who
// would become the service user otherwise. Salesforce compares the whole redirect address with the callback URLs of the app, and
// accepts http for localhost only.
func authorize() *target.CodeGrant {
	return &target.CodeGrant{
		Secret:   refreshToken,
		ClientID: clientID,
		Redirect: target.LoopbackRedirect{Host: "localhost", Ports: []int{47100, 47101, 47102, 47103, 47104}},
		Endpoint: func(a target.Account) string {
			return target.CanonicalURL(a.Setting(loginURL)) + "/services/oauth2/authorize"
		},
		Scopes: scopes,
		Parameters: func(p target.Prompt) url.Values {
			return url.Values{"prompt": {"login"}, "login_hint": {p.Username}}
		},
		Exchange: exchange,
		Refused:  refused,
	}
}

// exchange exchanges a code. The scope full includes all but the refresh token.
func exchange(ctx context.Context, a target.Account, c target.AuthorizationCode) (target.Issued, error) {
	base, err := oauth.NewSession(a, classifier())
	if err != nil {
		return target.Issued{}, err
	}
	s := &session{Session: base, login: target.CanonicalURL(a.Setting(loginURL))}
	token, err := s.endpoint().Code(ctx, c)
	if err == nil {
		_, err = s.instance(token)
	}
	if closed := s.Close(ctx); err == nil {
		err = closed
	}
	if err != nil {
		return target.Issued{}, err
	}
	return oauth.Issued(token, scopes(a), []string{refreshToken}, func(granted, _ string) bool { return granted == "full" }), nil
}

// refused says what an error means that Salesforce sends with the browser.
func refused(_ target.Account, code, description string) target.Refusal {
	refusal := target.Refusal{Fault: oauth.Refusal(classifier(), code, description)}
	switch {
	case code == "access_denied":
		refusal.Kind = target.RefusedByPerson
	case slices.Contains([]string{
		"OAUTH_APP_ACCESS_DENIED", "OAUTH_AUTHORIZATION_BLOCKED", "OAUTH_APP_BLOCKED", "invalid_app_access", "app_blocked",
	}, code):
		refusal.Kind = target.RefusedByPolicy
	}
	return refusal
}
