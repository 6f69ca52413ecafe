package dynamics365_test

import (
	"net/http"
	"testing"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
)

func TestImpersonation(t *testing.T) {
	t.Parallel()
	b := start(t)
	token := b.token()
	user, err := b.User(ada)
	b.must(err)
	left, err := b.User("left@example.com")
	b.must(err)
	for _, header := range [][]string{{"CallerObjectId", user.ObjectID}, {"MSCRMCallerID", user.ID}} {
		if got := b.get(token, "WhoAmI", header...); got.UserID != user.ID {
			t.Errorf("%v: got %+v", header, got)
		}
	}
	if got := b.get(token, "WhoAmI", "CallerObjectId", b.Service().ObjectID); got.UserID != b.Service().ID {
		t.Errorf("as itself: %+v", got)
	}
	const unknown = "00001111-aaaa-2222-bbbb-3333cccc4444"
	expect := func(name string, got reply, status int, code string) {
		t.Helper()
		if got.status != status || got.Error.Code != code || got.Error.Message == "" {
			t.Errorf("%s: %d %s", name, got.status, got.text)
		}
	}
	expect("unknown in Entra", b.get(token, "WhoAmI", "CallerObjectId", unknown), 403, "0x80072560")
	expect("unknown here", b.get(token, "WhoAmI", "MSCRMCallerID", unknown), 404, "0x80040217")
	expect("disabled", b.get(token, "WhoAmI", "CallerObjectId", left.ObjectID), 403, "0x80040225")
	b.must(b.Update(ada, func(u *dynamics365.User) { u.ReadContacts = false }))
	expect("right of the user", b.get(token, "contacts", "CallerObjectId", user.ObjectID), 403, "0x80040220")
	b.must(b.Update(ada, func(u *dynamics365.User) { u.ReadContacts = true }))
	b.must(b.Update("riva@example.com", func(u *dynamics365.User) { u.ReadContacts = false }))
	expect("right of the caller", b.get(token, "contacts", "CallerObjectId", user.ObjectID), 403, "0x80040220")
	b.must(b.Update("riva@example.com", func(u *dynamics365.User) { u.ActOnBehalf = false }))
	expect("delegation", b.get(token, "WhoAmI", "CallerObjectId", user.ObjectID), 403, "0x80040220")
	b.must(b.Update("riva@example.com", func(u *dynamics365.User) { u.Disabled = true }))
	expect("disabled caller", b.get(token, "WhoAmI"), 403, "0x80040225")
	b.must(b.Remove("riva@example.com"))
	expect("no application user", b.get(token, "WhoAmI"), 403, "0x80072560")
	b.must(b.Reset())
	if got := b.get(b.token(), "WhoAmI"); got.status != http.StatusOK {
		t.Errorf("after the reset: %+v", got)
	}
}

// TestDelegatedToken checks that a user who signed in with a browser calls as this user.
func TestDelegatedToken(t *testing.T) {
	t.Parallel()
	b := start(t)
	b.must(b.Entra().UpdateApp(func(a *entra.App) {
		a.Consents[dynamics365.AppID] = entra.Consent{Scopes: []string{"user_impersonation"}}
	}))
	refreshToken, err := b.Entra().Approve(ada, b.URL()+"/user_impersonation")
	b.must(err)
	app := b.Entra().App()
	config := &oauth2.Config{
		ClientID: app.ClientID, ClientSecret: app.Secrets[0].Value,
		Endpoint: oauth2.Endpoint{
			TokenURL: b.URLOf(entra.Site) + "/example.com/oauth2/v2.0/token", AuthStyle: oauth2.AuthStyleInParams,
		},
	}
	token, err := config.TokenSource(t.Context(), &oauth2.Token{RefreshToken: refreshToken}).Token()
	b.must(err)
	user, err := b.User(ada)
	b.must(err)
	if got := b.get(token.AccessToken, "WhoAmI"); got.UserID != user.ID {
		t.Errorf("got %+v", got)
	}
}
