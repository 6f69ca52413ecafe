// Package console has the web pages of a control plane: HTML from templates, with one style sheet and without scripts.
//
// So far these are the pages of a person's sign-in. The server decides which page it is, and sends it with strict headers; the
// words and the look are here. Each [pages.Kind] has a template of its name in templates, which fills the blocks of layout.html:
//
//   - title and lead: what happened, in plain words
//   - effect: what it means for the connection
//   - steps: what to do next
//   - facts, button and body: where a page differs from the others
package console

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

//go:embed templates/*.html
var files embed.FS

//go:embed style.css
var stylesheet []byte

//go:embed icon.svg
var icon []byte

// Pages renders the pages of a person's sign-in.
type Pages struct {
	templates func() (map[pages.Kind]*template.Template, error)
	now       func() time.Time
}

var _ pages.Renderer = (*Pages)(nil)

// New returns the pages. Templates are parsed when the first page is rendered. now is the clock, for how long a link is valid.
func New(now func() time.Time) *Pages {
	return &Pages{templates: sync.OnceValues(parse), now: now}
}

// version returns the address of a file with a query that changes with its content.
func version(path string, content []byte) string {
	sum := sha256.Sum256(content)
	return path + "?v=" + hex.EncodeToString(sum[:8])
}

// Render implements [pages.Renderer].
func (p *Pages) Render(w io.Writer, page pages.Page) error {
	templates, err := p.templates()
	if err != nil {
		return err
	}
	t := templates[page.Kind]
	if t == nil {
		return fmt.Errorf("a page of the kind %q does not exist", page.Kind)
	}
	v := view{
		Page: page, Stylesheet: version(pages.StylesheetPath, stylesheet), Icon: version(pages.IconPath, icon), now: p.now(),
	}
	if err := t.ExecuteTemplate(w, "layout", v); err != nil {
		return fmt.Errorf("render the page %s: %w", page.Kind, err)
	}
	return nil
}

// Stylesheet implements [pages.Renderer].
func (*Pages) Stylesheet() []byte { return slices.Clone(stylesheet) }

// Icon implements [pages.Renderer].
func (*Pages) Icon() []byte { return slices.Clone(icon) }

// parse parses the templates of all pages.
func parse() (map[pages.Kind]*template.Template, error) {
	base, err := template.New("").Funcs(functions).ParseFS(files,
		"templates/layout.html", "templates/parts.html", "templates/icons.html")
	if err != nil {
		return nil, fmt.Errorf("parse the layout: %w", err)
	}
	all := map[pages.Kind]*template.Template{}
	for _, kind := range pages.Kinds() {
		clone, err := base.Clone()
		if err != nil {
			return nil, fmt.Errorf("copy the layout: %w", err)
		}
		if all[kind], err = clone.ParseFS(files, "templates/"+string(kind)+".html"); err != nil {
			return nil, fmt.Errorf("parse the page %s: %w", kind, err)
		}
	}
	return all, nil
}
