package person_test

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
)

// serve serves pages that are the bodies of HTML documents, by path. A page that begins with / is a redirect.
func serve(t *testing.T, pages map[string]string) (address string) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		page, ok := pages[r.URL.Path]
		switch {
		case !ok:
			http.NotFound(w, r)
		case strings.HasPrefix(page, "/"):
			http.SetCookie(w, &http.Cookie{Name: "seen", Value: "yes"})
			http.Redirect(w, r, page, http.StatusFound)
		default:
			_ = r.ParseForm()
			_, _ = fmt.Fprintf(w, "<title>A title</title><h1>Heading</h1>%s<p>sent %s with %s</p>",
				page, html.EscapeString(r.Form.Encode()), r.Header.Get("Cookie"))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func open(t *testing.T, address string) *person.Page {
	t.Helper()
	browser, err := person.New()
	if err != nil {
		t.Fatal(err)
	}
	page, err := browser.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestPage(t *testing.T) {
	t.Parallel()
	address := serve(t, map[string]string{
		"/": "/page",
		"/page": `<a href="/help">Help <b>me</b></a><script>hidden</script><p role="alert">Wrong</p>
			<form method="post" action="next"><input name="a" value="1"><input type="checkbox" name="b" value="2" checked>
			<input type="checkbox" name="b" value="3"><button name="step" value="go">Go on</button></form>
			<form action="/next"><input name="q" value="x"><button>Search</button></form>`,
		"/next": "<p>done</p>",
	})
	page := open(t, address+"/")
	if page.Title != "A title" || page.Heading != "Heading" || page.Alert != "Wrong" || page.Links["Help me"] != "/help" ||
		strings.Contains(page.Text, "hidden") || page.URL.Path != "/page" {
		t.Errorf("%+v", page)
	}
	page.Check("3", true)
	next, err := page.Press(t.Context(), "Go on")
	if err != nil || !strings.Contains(next.Text, "sent a=1&b=2&b=3&step=go with seen=yes") {
		t.Errorf("a form that is posted: %+v %v", next, err)
	}
	next, err = page.Press(t.Context(), "Search")
	if err != nil || !strings.Contains(next.Text, "sent q=x with") {
		t.Errorf("a form in the query: %+v %v", next, err)
	}
	if _, err := page.Press(t.Context(), "Missing"); err == nil {
		t.Error("pressed a button that does not exist")
	}
}

// TestStopsAtRedirectURI checks that the address of the client is not opened.
func TestStopsAtRedirectURI(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]bool{
		"/callback?code=1": true, "/callback": true, "/callbacks?code=1": false, "/other?code=1": false,
	} {
		address := serve(t, map[string]string{"/authorize": location})
		page := open(t, address+"/authorize?redirect_uri="+address+"/callback")
		if got := page.Callback == address+location; got != want {
			t.Errorf("%s: %+v", location, page)
		}
	}
}

func TestSignInIsStuck(t *testing.T) {
	t.Parallel()
	form := `<form method="post" action="/again"><input autocomplete="username"><button name="step" value="in">In</button></form>`
	address := serve(t, map[string]string{
		"/error": "<p>Sorry</p>", "/loop": form, "/again": form, "/redirect": "/redirect",
	})
	for path, text := range map[string]string{"/error": "Sorry", "/loop": "too many pages"} {
		_, err := open(t, address+path).SignIn(t.Context(), "ada", "secret", person.Choices{})
		if !errors.Is(err, person.ErrStuck) || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", path, err)
		}
	}
	browser, err := person.New("")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := browser.Open(t.Context(), address+"/redirect"); err == nil {
		t.Error("followed redirects without end")
	}
	if _, err := person.New("no PEM"); err == nil {
		t.Error("an invalid certificate authority was accepted")
	}
}
