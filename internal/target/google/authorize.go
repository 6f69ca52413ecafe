package google

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// authorization is Google's authorization endpoint.
const authorization = "https://accounts.google.com/o/oauth2/v2/auth"

// scopes are what a person is asked for: what all tests need.
func scopes(target.Account) []string {
	return []string{mailScope, calendarScope, contactsScope, directoryScope}
}

// authorize declares the flow for web servers and desktop apps
// (https://developers.google.com/identity/protocols/oauth2/web-server and native-app). Google returns a refresh token only with access_type=offline, and again only with prompt=consent.
// select_account shows the sessions of the browser, so that none is taken silently. A client of the type "Desktop app" may use
// every port of the loopback address.
func authorize() *target.CodeGrant {
	return &target.CodeGrant{
		Secret:   refreshToken,
		ClientID: clientID,
		Redirect: target.LoopbackRedirect{Host: "127.0.0.1"},
		Endpoint: func(a target.Account) string { return target.CanonicalURL(a.Setting(authorizeURL)) },
		Scopes:   scopes,
		Parameters: func(p target.Prompt) url.Values {
			v := url.Values{"access_type": {"offline"}, "prompt": {"consent select_account"}}
			if !p.Another {
				v.Set("login_hint", p.Username)
			}
			return v
		},
		Exchange: exchange,
		Refused:  refused,
	}
}

// exchange exchanges a code. Google requires the client secret of every client, also of desktop apps.
func exchange(ctx context.Context, a target.Account, c target.AuthorizationCode) (target.Issued, error) {
	s, err := open(a)
	if err != nil {
		return target.Issued{}, err
	}
	token, err := s.endpoint().Code(ctx, c)
	err = errors.Join(target.WithField(err, tokenURL, target.SystemNotAvailable), s.Close(ctx))
	if err != nil {
		return target.Issued{}, err
	}
	return oauth.Issued(token, scopes(a), nil, nil), nil
}

// refused says what an error means that Google sends with the browser.
func refused(_ target.Account, code, description string) target.Refusal {
	c := call.Classifier{Address: authorizeURL, Errors: errorsOf("")}
	refusal := target.Refusal{Fault: oauth.Refusal(c, code, description)}
	switch {
	case code == "access_denied" && !strings.Contains(strings.ToLower(description), "restricted"):
		refusal.Kind = target.RefusedByPerson
		refusal.Fault.Hint, refusal.Fault.NoField, refusal.Fault.Field = "", true, ""
	case refusal.Fault.Code == target.InsufficientPermission:
		refusal.Kind = target.RefusedByPolicy
	}
	return refusal
}
