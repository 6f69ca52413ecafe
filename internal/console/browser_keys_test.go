//go:build browser

package console_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/browsertest"
)

// Each control of each page is reached with Tab, in the order of reading, and visibly has the focus.
func testTabOrder(t *testing.T, browser *browsertest.Browser) {
	server := serve(t, "")
	page := browser.Page(t, browsertest.Options{Width: 360, NoScript: true})
	for _, s := range samples() {
		page.Open(server.URL + "/" + s.name)
		want := browsertest.Evaluate[[]string](page, `[...document.querySelectorAll("a, button, summary")].map(e => e.innerText)`)
		var got []string
		for range want {
			page.Press(browsertest.Tab)
			got = append(got, page.Focused())
			if !browsertest.Evaluate[bool](page, `parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2`) {
				t.Errorf("%s: %q does not show that it has the focus", s.name, page.Focused())
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: Tab goes to %q, want %q", s.name, got, want)
		}
	}
}

// With the keyboard and without scripts, the button leads to the target system, also if that redirects to another host: neither
// the policy of the page nor the protection against forged requests stops it.
func testButton(t *testing.T, browser *browsertest.Browser) {
	last := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("the sign-in page, referrer " + r.Referer() + "."))
	})
	sso := httptest.NewTLSServer(last)
	t.Cleanup(sso.Close)
	system := httptest.NewTLSServer(http.RedirectHandler(sso.URL, http.StatusFound))
	t.Cleanup(system.Close)
	plain := httptest.NewServer(last)
	t.Cleanup(plain.Close)
	for name, origin := range map[string]string{"a system with two hosts": system.URL, "a stand-in without TLS": plain.URL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, origin)
			page := browser.Page(t, browsertest.Options{NoScript: true})
			page.Open(server.URL + sampleOf(pages.KindStart).Action)
			page.Press(browsertest.Tab)
			page.Press(browsertest.Enter)
			if !strings.Contains(page.Text(), "refresh_token") {
				t.Errorf("Enter does not show the requested access:\n%s", page.Text())
			}
			page.Press(browsertest.Tab)
			page.PressAndLoad(browsertest.Enter)
			if got := page.Text(); got != "the sign-in page, referrer ." {
				t.Errorf("the button leads to %s: %s", page.Address(), got)
			}
		})
	}
}

// The second button of the confirmation is reached and pressed with the keyboard, and sends its answer.
func testConfirmation(t *testing.T, browser *browsertest.Browser) {
	server := serve(t, "")
	for answer, tabs := range map[string]int{pages.ConfirmYes: 1, pages.ConfirmNo: 2} {
		page := browser.Page(t, browsertest.Options{NoScript: true})
		page.Open(server.URL + "/confirm")
		for range tabs {
			page.Press(browsertest.Tab)
		}
		page.PressAndLoad(browsertest.Space)
		if got := page.Text(); got != "answer "+answer {
			t.Errorf("button %d sends %q", tabs, got)
		}
	}
}
