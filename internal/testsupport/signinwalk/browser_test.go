//go:build browser

package signinwalk_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/browsertest"
)

// configured is what a person sees at the end.
const configured = "Connection has been configured successfully!"

// The tests share a browser; each page has a session of its own.
func TestBrowserSignsIn(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for name, test := range map[string]func(*testing.T, *browsertest.Browser){
		"salesforce":           testSalesforce,
		"salesforce, denied":   testDenied,
		"office365":            testOffice365,
		"office365, admin":     testAdminConsent,
		"office365, canceled":  testCanceled,
		"office365, confirmed": testConfirmed,
		"google":               testGoogle,
		"google, withheld":     testWithheld,
		"keyboard":             testKeyboard,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, browser)
		})
	}
}

// wrongThenRight signs in as somebody else, whose session would be taken without a question, and then as the right person.
func (w *walk) wrongThenRight() {
	w.Helper()
	w.open()
	w.picture("1-start")
	w.signIn(w.system.other, choices{})
	w.sees("A different account signed in", w.system.other.username, w.system.service.username)
	w.picture("2-somebody-else")
	w.storedNothing()

	w.silently()
	w.sees("nothing was stored", w.system.service.username)
	w.storedNothing()

	w.signIn(w.system.service, choices{})
	w.sees(configured, w.system.service.username, "The general test passed")
	w.picture("3-succeeded")
	if w.system.refreshesMetadata {
		w.sees("The metadata of Salesforce was refreshed")
	}
	w.works()
}

// silently removes what requires a new sign-in from the address of the target system, which then takes the session of the browser
// without a question. Even so, nothing of it is stored.
func (w *walk) silently() {
	w.Helper()
	w.press("main button.primary")
	at, err := url.Parse(w.page.Address())
	if err != nil {
		w.Fatal(err)
	}
	query := at.Query()
	if w.isBack() || query.Get("prompt") == "" {
		w.Fatalf("the system did not ask for the account: %s", at)
	}
	query.Del("prompt")
	query.Del("login_hint")
	at.RawQuery = query.Encode()
	w.page.Open(at.String())
	if !w.isBack() {
		w.Fatalf("the system did not take the session of the browser:\n%s", w.page.Text())
	}
}

func testSalesforce(t *testing.T, browser *browsertest.Browser) {
	f := startFront(t, "", catalog.All())
	s := startSalesforce(t, f.callback(), true)
	w := begin(t, f, s, browser.Page(t, browsertest.Options{NoScript: true}))
	w.pictures = "walk-salesforce"
	w.wrongThenRight()
}

func testDenied(t *testing.T, browser *browsertest.Browser) {
	f := startFront(t, "", catalog.All())
	s := startSalesforce(t, f.callback(), true)
	w := begin(t, f, s, browser.Page(t, browsertest.Options{NoScript: true}))
	w.open()
	w.signIn(s.service, choices{deny: true})
	w.sees("The sign-in was canceled")
	w.storedNothing()
	w.signIn(s.service, choices{})
	w.sees(configured)
}

func testGoogle(t *testing.T, browser *browsertest.Browser) {
	f := startFront(t, "127.0.0.1", catalog.All())
	s := startGoogle(t, f.callback(), false)
	w := begin(t, f, s, browser.Page(t, browsertest.Options{NoScript: true}))
	w.pictures = "walk-google"
	w.wrongThenRight()
}

// A scope that is withheld has a page that names it; nothing is stored.
func testWithheld(t *testing.T, browser *browsertest.Browser) {
	const calendar = "https://www.googleapis.com/auth/calendar.readonly"
	f := startFront(t, "", catalog.All())
	s := startGoogle(t, f.callback(), true)
	w := begin(t, f, s, browser.Page(t, browsertest.Options{NoScript: true}))
	w.pictures = "walk-google-withheld"
	w.open()
	w.signIn(s.service, choices{withhold: calendar})
	w.sees("Some access was not granted", calendar)
	w.picture("1")
	w.storedNothing()
	w.signIn(s.service, choices{})
	w.sees(configured)
}

// With the keyboard only, on a page without scripts.
func testKeyboard(t *testing.T, browser *browsertest.Browser) {
	for name, start := range map[string]func(*testing.T, front) system{
		"salesforce": func(t *testing.T, f front) system { return startSalesforce(t, f.callback(), true) },
		"office365":  func(t *testing.T, f front) system { s, _ := startOffice365(t, f.callback(), true); return s },
		"google":     func(t *testing.T, f front) system { return startGoogle(t, f.callback(), true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := startFront(t, "", catalog.All())
			w := begin(t, f, start(t, f), browser.Page(t, browsertest.Options{NoScript: true, Width: 360}))
			w.keyboard = true
			w.wrongThenRight()
			if strings.Contains(w.page.Address(), w.link) {
				t.Error("the address of the last page has the link")
			}
		})
	}
}
