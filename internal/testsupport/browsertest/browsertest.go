//go:build browser

// Package browsertest drives a real browser, Chromium, in tests: pages with a viewport and a color scheme, with or without
// scripts, keys, screenshots, and the accessibility rules of axe-core.
//
// It has the build tag browser, since the client of the browser takes long to compile. `make test-browser` installs what it needs
// with tools/browser.sh, and runs the tests with this tag.
package browsertest

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// timeout is how long a page may be used. It ends a test whose browser hangs.
const timeout = 3 * time.Minute

// Browser is a running browser.
type Browser struct {
	ctx context.Context //nolint:containedctx // it is the browser
}

// Start starts a browser that ends with the test. Starting takes seconds, so that tests of a package share one. It accepts every
// certificate, and asks no proxy.
func Start(t *testing.T) *Browser {
	t.Helper()
	program := "chromium"
	for _, name := range []string{"chromium-browser", "google-chrome"} {
		if _, err := exec.LookPath(program); err != nil {
			program = name
		}
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(program), chromedp.UserDataDir(t.TempDir()), chromedp.IgnoreCertErrors, chromedp.DisableGPU,
		chromedp.Flag("no-proxy-server", true), chromedp.Flag("hide-scrollbars", true), chromedp.Flag("lang", "en-US"),
		chromedp.Flag("disable-component-update", true))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // root cannot use it
	}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Logf("end the browser: %v", err)
		}
		end()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start %s: %v\ntools/browser.sh installs it", program, err)
	}
	return &Browser{ctx}
}

// Options say how a page is shown.
type Options struct {
	// Width is the width of the viewport in CSS pixels; 0 means 1280.
	Width int64
	// Dark chooses the dark color scheme.
	Dark bool
	// NoScript disables scripts in pages.
	NoScript bool
}

// Page opens an empty page in a browser session of its own, without cookies.
func (b *Browser) Page(t *testing.T, o Options) *Page {
	t.Helper()
	ctx, end := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(end)
	ctx, cancel := context.WithTimeout(ctx, timeout)
	t.Cleanup(cancel)
	if o.Width == 0 {
		o.Width = 1280
	}
	p := &Page{t: t, ctx: ctx, noScript: o.NoScript}
	p.Show(o.Width, o.Dark)
	p.disableScripts(o.NoScript)
	return p
}

// Show shows the page with another width, in CSS pixels, and color scheme.
func (p *Page) Show(width int64, dark bool) {
	p.t.Helper()
	features := []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: "light"}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}
	if dark {
		features[0].Value = "dark"
	}
	p.do(chromedp.EmulateViewport(width, 800))
	call(p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
}
