//go:build browser

package signinwalk_test

import (
	"maps"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/browsertest"
)

// After the first account, another one is wanted: Microsoft shows the open sessions, and the person uses another account.
func testOffice365(t *testing.T, browser *browsertest.Browser) {
	f := startFront(t, "localhost", catalog.All())
	s, mail := startOffice365(t, f.callback(), false)
	w := begin(t, f, s, browser.Page(t, browsertest.Options{}))
	w.pictures = "walk-office365"
	w.wrongThenRight()

	settings := maps.Clone(s.create.Settings)
	const grace = "grace@example.com"
	settings["validation_email"] = grace
	changed, err := f.client.UpdateConnection(t.Context(), w.created.ID, 0, api.UpdateConnection{
		Settings: settings, Revalidate: true, Interactive: true, Verify: new(false),
	})
	if err != nil || changed.AuthorizationURL == "" {
		t.Fatalf("another account: %+v, %v", changed, err)
	}
	w.link, w.system.service = string(changed.AuthorizationURL), account{grace, mail.Entra.Find(grace).Password}
	w.open()
	w.signIn(w.system.service, choices{})
	if !w.chose {
		t.Error("Microsoft did not offer to use another account")
	}
	w.sees(configured, grace)
	w.works()
}

// An administrator approves the app with the link on the page; then the person can sign in.
func testAdminConsent(t *testing.T, browser *browsertest.Browser) {
	f := startFront(t, "localhost", catalog.All())
	s, mail := startOffice365(t, f.callback(), false)
	if err := mail.Entra.UpdateApp(func(a *entra.App) { a.Consents = nil }); err != nil {
		t.Fatal(err)
	}
	mail.Entra.UpdateTenant(func(tenant *entra.Tenant) { tenant.AdminConsent = true })
	w := begin(t, f, s, browser.Page(t, browsertest.Options{NoScript: true}))
	w.pictures = "walk-office365-admin"
	w.open()
	w.signIn(s.service, choices{back: true})
	w.sees("An administrator must approve the app first")
	w.picture("1-needed")
	w.storedNothing()

	const alan = "alan@example.com"
	link := browsertest.Evaluate[string](w.page, `document.querySelector("a.address").href`)
	admin := &walk{T: t, front: f, system: s, page: browser.Page(t, browsertest.Options{NoScript: true}), pictures: w.pictures}
	admin.page.Open(link)
	admin.finish(account{alan, mail.Entra.Find(alan).Password}, choices{})
	admin.sees("The app is approved")
	admin.picture("2-approved")

	w.signIn(s.service, choices{})
	w.sees(configured)
}

func testCanceled(t *testing.T, browser *browsertest.Browser) {
	f := startFront(t, "localhost", catalog.All())
	s, _ := startOffice365(t, f.callback(), false)
	w := begin(t, f, s, browser.Page(t, browsertest.Options{NoScript: true}))
	w.pictures = "walk-office365-canceled"
	w.open()
	w.signIn(s.service, choices{cancel: true})
	w.sees("The sign-in was canceled")
	w.picture("1")
	w.storedNothing()
	w.signIn(s.service, choices{})
	w.sees(configured)
}

// A connection that expects no particular account: the person discards a sign-in, and confirms the next one.
func testConfirmed(t *testing.T, browser *browsertest.Browser) {
	for name, o := range map[string]browsertest.Options{"scripts": {}, "no scripts": {NoScript: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			systems := catalog.All()
			found, _ := systems.Find("office365")
			var anybody atomic.Bool
			expected := found.Expected
			found.Expected = func(a target.Account) target.Expected {
				if anybody.Load() {
					return target.Expected{}
				}
				return expected(a)
			}
			f := startFront(t, "localhost", systems)
			s, _ := startOffice365(t, f.callback(), false)
			w := begin(t, f, s, browser.Page(t, o))
			anybody.Store(true)
			requested, err := f.client.Revalidate(t.Context(), w.created.ID, 0, api.Revalidate{Interactive: true, Confirm: true})
			if err != nil {
				t.Fatal(err)
			}
			if !o.NoScript {
				w.pictures = "walk-confirm"
			}
			w.page.Open(string(requested.AuthorizationURL))
			w.sees("You confirm the account before anything is stored.")
			w.picture("1-start")
			w.signIn(s.service, choices{})
			w.sees("Is this the right account?", s.service.username)
			w.picture("2-question")
			w.press(`button[value="no"]`)
			w.sees("The sign-in was discarded", s.service.username)
			w.picture("3-discarded")
			w.storedNothing()
			w.signIn(s.service, choices{})
			w.keyboard = true
			w.press(`button[value="yes"]`)
			w.sees(configured, s.service.username)
			w.works()
		})
	}
}
