//go:build browser

package console_test

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/console"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/browsertest"
)

// screenshots is where the pictures of the pages are kept.
const screenshots = "../../dist/screenshots"

// picturesVariable is the environment variable with the directory of the pictures for the documentation; without it, they are
// kept with the other pictures.
const picturesVariable = "RIVA_PICTURES"

// serve serves the samples with the headers of the server, each at its name. The first page is at the
// address of its form as well, whose button redirects to the system.
func serve(t *testing.T, system string) *httptest.Server {
	t.Helper()
	renderer := console.New(func() time.Time { return now })
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pages.StylesheetPath, func(w http.ResponseWriter, _ *http.Request) {
		pages.SetStylesheetHeaders(w.Header())
		_, _ = w.Write(renderer.Stylesheet())
	})
	for _, s := range samples() {
		mux.HandleFunc("GET /"+s.name, func(w http.ResponseWriter, _ *http.Request) { show(t, w, renderer, s.page) })
	}
	start := sampleOf(pages.KindStart)
	mux.HandleFunc("GET "+start.Action, func(w http.ResponseWriter, _ *http.Request) { show(t, w, renderer, start) })
	mux.Handle("POST "+start.Action, http.RedirectHandler(system, http.StatusSeeOther))
	mux.HandleFunc("POST /oauth/confirm", func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write([]byte("answer " + r.PostFormValue(pages.ConfirmField)))
	})
	server := httptest.NewServer(http.NewCrossOriginProtection().Handler(mux))
	t.Cleanup(server.Close)
	return server
}

func show(t *testing.T, w http.ResponseWriter, renderer pages.Renderer, p pages.Page) {
	t.Helper()
	pages.SetHeaders(w.Header(), p, "http")
	if err := renderer.Render(w, p); err != nil {
		t.Error(err)
	}
}

// The tests share a browser.
func TestBrowser(t *testing.T) {
	t.Parallel()
	browser := browsertest.Start(t)
	for name, test := range map[string]func(*testing.T, *browsertest.Browser){
		"pages": testPages, "pictures": testPictures, "tab order": testTabOrder, "button": testButton,
		"confirmation": testConfirmation,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, browser)
		})
	}
}

// The guide shows three pages. They have the data of the samples, so that they change only with the pages.
func testPictures(t *testing.T, browser *browsertest.Browser) {
	dir := cmp.Or(os.Getenv(picturesVariable), screenshots)
	server := serve(t, "")
	page := browser.Page(t, browsertest.Options{Width: 720, NoScript: true})
	for _, kind := range []pages.Kind{pages.KindStart, pages.KindSomebodyElse, pages.KindSucceeded} {
		name := strings.ReplaceAll(string(kind), "_", "-")
		page.Open(server.URL + "/" + name)
		page.Picture(filepath.Join(dir, "sign-in-"+name+".png"))
	}
}

// Each page fits a narrow and a wide screen, in light and dark, without scripts and without a violation of axe-core's rules. The
// rules see the same at both widths.
func testPages(t *testing.T, browser *browsertest.Browser) {
	server := serve(t, "")
	for name, options := range map[string]browsertest.Options{
		"360-light":  {Width: 360, NoScript: true},
		"360-dark":   {Width: 360, NoScript: true, Dark: true},
		"1280-light": {Width: 1280, NoScript: true},
		"1280-dark":  {Width: 1280, NoScript: true, Dark: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := browser.Page(t, options)
			for _, s := range samples() {
				page.Open(server.URL + "/" + s.name)
				page.Screenshot(filepath.Join(screenshots, s.name+"-"+name+".png"))
				if page.ScrollsSideways() {
					t.Errorf("%s: the page is wider than the screen", s.name)
				}
				if options.Width > 360 {
					continue
				}
				if violations := page.Violations(); len(violations) > 0 {
					t.Errorf("%s:\n%s", s.name, strings.Join(violations, "\n"))
				}
			}
		})
	}
}
