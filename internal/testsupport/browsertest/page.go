//go:build browser

package browsertest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// The keys of [Page.Press].
const (
	Tab   = kb.Tab
	Enter = kb.Enter
	Space = " "
)

// Page is a page in a browser. Its methods end the test if the browser fails.
type Page struct {
	t        *testing.T
	ctx      context.Context //nolint:containedctx // it is the page in the browser
	noScript bool
}

// Open opens an address and waits until it is loaded. It returns the status of the response.
func (p *Page) Open(address string) int {
	p.t.Helper()
	response, err := chromedp.RunResponse(p.ctx, chromedp.Navigate(address))
	p.check(err)
	return int(response.Status)
}

// Press presses a key.
func (p *Page) Press(key string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(key))
}

// PressAndLoad presses a key that opens another page, such as Enter on a button, and waits until that is loaded.
func (p *Page) PressAndLoad(key string) {
	p.t.Helper()
	_, err := chromedp.RunResponse(p.ctx, chromedp.KeyEvent(key))
	p.check(err)
}

// Type types a text into the element that has the focus.
func (p *Page) Type(text string) {
	p.t.Helper()
	p.do(chromedp.KeyEvent(text))
}

// Click clicks the first element that a CSS selector matches, and waits until the page that it opens is loaded.
func (p *Page) Click(selector string) {
	p.t.Helper()
	_, err := chromedp.RunResponse(p.ctx, chromedp.Click(chromedp.CSS(selector)))
	p.check(err)
}

// Has reports whether the page has an element that a CSS selector matches.
func (p *Page) Has(selector string) bool {
	p.t.Helper()
	return Evaluate[bool](p, fmt.Sprintf(`document.querySelector(%q) !== null`, selector))
}

// Focus gives the focus to the first element that a CSS selector matches, and selects its text.
func (p *Page) Focus(selector string) {
	p.t.Helper()
	Evaluate[bool](p, fmt.Sprintf(`(e => { e.focus(); e.select?.(); return true })(document.querySelector(%q))`, selector))
}

// HasFocus reports whether the element that has the focus matches a CSS selector.
func (p *Page) HasFocus(selector string) bool {
	p.t.Helper()
	return Evaluate[bool](p, fmt.Sprintf(`document.activeElement.matches(%q)`, selector))
}

// Text returns the text of the page that a person sees.
func (p *Page) Text() string {
	p.t.Helper()
	return Evaluate[string](p, `document.body.innerText`)
}

// Title returns the title of the page.
func (p *Page) Title() string {
	p.t.Helper()
	title, err := chromedp.Run(p.ctx, chromedp.Title())
	p.check(err)
	return title
}

// Address returns the address of the page.
func (p *Page) Address() string {
	p.t.Helper()
	address, err := chromedp.Run(p.ctx, chromedp.Location())
	p.check(err)
	return address
}

// Focused returns the text of the element that has the focus; empty if no element has it.
func (p *Page) Focused() string {
	p.t.Helper()
	return Evaluate[string](p, `document.activeElement === document.body ? "" : document.activeElement.innerText`)
}

// ScrollsSideways reports whether the page is wider than the viewport.
func (p *Page) ScrollsSideways() bool {
	p.t.Helper()
	return Evaluate[bool](p, `document.documentElement.scrollWidth > document.documentElement.clientWidth`)
}

// Screenshot writes a picture of the whole page, a PNG, and makes the directory of the file.
func (p *Page) Screenshot(file string) {
	p.t.Helper()
	p.write(file, p.screenshot())
}

// Picture is Screenshot for a picture that is kept: small, with 256 colors at most.
func (p *Page) Picture(file string) {
	p.t.Helper()
	small, err := shrink(p.screenshot())
	p.check(err)
	p.write(file, small)
}

func (p *Page) screenshot() []byte {
	p.t.Helper()
	picture, err := chromedp.Run(p.ctx, chromedp.FullScreenshot(100))
	p.check(err)
	return picture
}

func (p *Page) write(file string, content []byte) {
	p.t.Helper()
	p.check(os.MkdirAll(filepath.Dir(file), 0o750))
	p.check(os.WriteFile(file, content, 0o600))
}

// Evaluate runs JavaScript in the page, also if scripts are disabled there, and returns its result.
func Evaluate[T any](p *Page, script string) T {
	p.t.Helper()
	result, err := chromedp.Run(p.ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	p.check(err)
	return result
}

func (p *Page) do(actions ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	p.check(chromedp.Do(p.ctx, actions...))
}

func (p *Page) check(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *Page) disableScripts(value bool) {
	p.t.Helper()
	call(p, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: value})
}

// call calls a method of the protocol of the browser.
func call[P, R any](p *Page, command cdp.Command[P, R], params P) {
	p.t.Helper()
	_, err := chromedp.Call(p.ctx, command, params)
	p.check(err)
}
