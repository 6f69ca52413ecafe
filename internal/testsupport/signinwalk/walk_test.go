//go:build browser

package signinwalk_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/browsertest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// front is a control plane behind a listener: with TLS as a shared one, without as an embedded one.
type front struct {
	address string
	client  *api.Client
}

func startFront(t *testing.T, host string, systems target.Catalog) front {
	t.Helper()
	secure := host == ""
	var handler http.Handler
	listener := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler.ServeHTTP(w, r)
	}))
	if secure {
		listener.StartTLS()
	} else {
		listener.Start()
	}
	f := front{address: listener.URL}
	if host != "" {
		f.address = strings.Replace(f.address, "127.0.0.1", host, 1)
	}
	d := storetest.SQLite(t)
	p := plane.New(plane.Options{
		Store: d.Open(t, systems), StoreName: d.Type(), Systems: systems, PublicURL: f.address,
		Network: target.Network{LoopbackHTTP: true}, Authenticate: server.Local("Ada's laptop"),
	})
	handler = p.Handler()
	t.Cleanup(func() {
		listener.Close()
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := p.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	client, err := api.NewClient(api.Options{BaseURL: listener.URL, Transport: listener.Client().Transport})
	if err != nil {
		t.Fatal(err)
	}
	// Requests of the contract have any host, those of a browser the public one.
	f.client = client
	return f
}

func (f front) callback() string { return f.address + pages.CallbackPath }

// walk is a person with a browser, on the way to a connection.
type walk struct {
	*testing.T
	front

	system  system
	page    *browsertest.Page
	created api.Connection
	link    string
	// keyboard means that the person has no mouse.
	keyboard bool
	// chose is set if the person was asked to choose an account.
	chose bool
	// pictures is the beginning of the names of pictures; empty for none.
	pictures string
}

// begin creates the pending connection of a system.
func begin(t *testing.T, f front, s system, page *browsertest.Page) *walk {
	t.Helper()
	created, err := f.client.CreateConnection(t.Context(), s.create)
	if err != nil || created.Status != api.StatusBlank || created.AuthorizationURL == "" {
		t.Fatalf("created %+v, %v", created, err)
	}
	return &walk{T: t, front: f, system: s, page: page, created: created, link: string(created.AuthorizationURL)}
}

// open opens the first page, which shows who is expected.
func (w *walk) open() {
	w.Helper()
	if status := w.page.Open(w.link); status != http.StatusOK {
		w.Fatalf("the first page: %d %s", status, w.page.Text())
	}
	w.sees("Log out of other sessions first", w.system.service.username)
}

// sees checks a page of the control plane: its texts, and that it has no violation of axe-core's rules.
func (w *walk) sees(texts ...string) {
	w.Helper()
	if !w.isBack() {
		w.Fatalf("the browser is at %s:\n%s", w.page.Address(), w.page.Text())
	}
	shown := strings.Join(strings.Fields(w.page.Text()), " ")
	for _, text := range texts {
		if !strings.Contains(shown, text) {
			w.Fatalf("the page lacks %q:\n%s", text, shown)
		}
	}
	if violations := w.page.Violations(); len(violations) > 0 {
		w.Errorf("%s:\n%s", texts[0], strings.Join(violations, "\n"))
	}
}

// isBack reports whether the browser is at the control plane.
func (w *walk) isBack() bool {
	w.Helper()
	at, err := url.Parse(w.page.Address())
	if err != nil {
		w.Fatal(err)
	}
	return at.Scheme+"://"+at.Host == w.address
}

// picture takes pictures of a page: narrow and wide, light and dark.
func (w *walk) picture(name string) {
	w.Helper()
	if w.pictures == "" {
		return
	}
	for _, look := range []struct {
		name  string
		width int64
		dark  bool
	}{{"1280-dark", 1280, true}, {"360-dark", 360, true}, {"360-light", 360, false}, {"1280-light", 1280, false}} {
		w.page.Show(look.width, look.dark)
		if w.page.ScrollsSideways() {
			w.Errorf("%s: the page is wider than %d pixels", name, look.width)
		}
		w.page.Screenshot(filepath.Join("..", "..", "..", "dist", "screenshots", w.pictures+"-"+name+"-"+look.name+".png"))
	}
}

// press presses a button: with the keyboard, Tab as often as needed and Enter.
func (w *walk) press(selector string) {
	w.Helper()
	if !w.keyboard {
		w.page.Click(selector)
		return
	}
	w.tabTo(selector)
	w.page.PressAndLoad(browsertest.Enter)
}

// tabTo presses Tab until an element has the focus.
func (w *walk) tabTo(selector string) {
	w.Helper()
	for range 40 {
		if w.page.HasFocus(selector) {
			return
		}
		w.page.Press(browsertest.Tab)
	}
	w.Fatalf("Tab does not reach %s on %s", selector, w.page.Address())
}

// fill fills in a field.
func (w *walk) fill(selector, text string) {
	w.Helper()
	if w.keyboard {
		w.tabTo(selector)
	}
	w.page.Focus(selector) // selects what is filled in already, as Tab does
	w.page.Type(text)
}

// choices are what a person does on the pages of a stand-in, see package person.
type choices struct {
	withhold     string
	cancel, deny bool
	back         bool
}

// signIn presses the button of a page, and signs in at the stand-in, which must ask for the account.
func (w *walk) signIn(a account, c choices) {
	w.Helper()
	w.press("main button.primary")
	w.finish(a, c)
}

// finish signs in at the page of the stand-in that is open.
func (w *walk) finish(a account, c choices) {
	w.Helper()
	const user, password = `input[autocomplete="username"]`, `input[autocomplete="current-password"]`
	asked := false
	for range 8 {
		if w.isBack() {
			break
		}
		switch {
		case w.page.Has(`[role="alert"]`):
			w.Fatalf("the sign-in stops:\n%s", w.page.Text())
		case c.cancel && w.page.Has(`[value="cancel"]`):
			w.press(`[value="cancel"]`)
			asked = true
			continue
		case w.page.Has(user) || w.page.Has(password):
			asked = true
			if w.page.Has(user) {
				w.fill(user, a.username)
			}
			if w.page.Has(password) {
				w.fill(password, a.password)
			}
			w.press(`button[name="step"]`)
		case w.page.Has(`[value="allow"]`):
			if c.withhold != "" {
				w.toggle(`input[value="` + c.withhold + `"]`)
			}
			if c.deny {
				w.press(`[value="deny"]`)
			} else {
				w.press(`[value="allow"]`)
			}
		case w.page.Has(`[name="account"]`):
			w.press(`[value="another"]`)
			asked, w.chose = true, true
		case c.back && w.page.Has(`[value="return"]`):
			w.press(`[value="return"]`)
		default:
			w.Fatalf("the sign-in stops:\n%s", w.page.Text())
		}
	}
	if !asked {
		w.Errorf("%s was signed in without being asked", a.username)
	}
}

// toggle switches a check box.
func (w *walk) toggle(selector string) {
	w.Helper()
	w.tabTo(selector)
	w.page.Press(browsertest.Space)
}

// storedNothing checks that the connection is as it was created.
func (w *walk) storedNothing() {
	w.Helper()
	found, err := w.client.Connection(w.Context(), w.created.ID)
	if err != nil || found.Status != api.StatusBlank || found.Revision != w.created.Revision {
		w.Fatalf("stored %+v, %v", found, err)
	}
}

// works checks that the connection works.
func (w *walk) works() {
	w.Helper()
	tested, err := w.client.RunTest(w.Context(), w.created.ID, api.RunTest{})
	if err != nil || !tested.Passed {
		w.Fatalf("tested %+v, %v", tested, err)
	}
}
