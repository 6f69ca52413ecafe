package console_test

import (
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

// A Content-Security-Policy would block what these attributes and elements do.
func TestPagesLoadOnlyTheStylesheet(t *testing.T) {
	t.Parallel()
	blocked := regexp.MustCompile(`^(script|style|img|iframe|object|embed|base|video|audio|link|meta)$`)
	for _, s := range samples() {
		document := render(t, s.page)
		sheets := 0
		for n := range document.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			switch {
			case n.Data == "link" && attribute(n, "rel") == "stylesheet":
				sheets++
				if !strings.HasPrefix(attribute(n, "href"), pages.StylesheetPath+"?v=") {
					t.Errorf("%s: the style sheet is %s", s.name, attribute(n, "href"))
				}
			case n.Data == "link" && attribute(n, "rel") == "icon":
				if !strings.HasPrefix(attribute(n, "href"), pages.IconPath+"?v=") {
					t.Errorf("%s: the icon is %s", s.name, attribute(n, "href"))
				}
			case n.Data == "meta" && attribute(n, "http-equiv") == "":
			case blocked.MatchString(n.Data):
				t.Errorf("%s: the page has an element %s", s.name, n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || a.Key == "src" || a.Key == "target" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("%s: %s has the attribute %s", s.name, n.Data, a.Key)
				}
			}
		}
		if sheets != 1 {
			t.Errorf("%s: the page has %d style sheets", s.name, sheets)
		}
	}
	for name, content := range map[string][]byte{"style sheet": newPages().Stylesheet(), "icon": newPages().Icon()} {
		for _, outside := range []string{"url(", "@import", "@font-face", "href", "<script"} {
			if strings.Contains(string(content), outside) {
				t.Errorf("the %s has %s", name, outside)
			}
		}
	}
}

// What screen readers need: a language, one main heading and no skipped level, names of sections that exist, unique ids.
func TestPagesAreStructured(t *testing.T) {
	t.Parallel()
	for _, s := range samples() {
		document := render(t, s.page)
		if attribute(elements(document, "html")[0], "lang") != "en" {
			t.Errorf("%s: the page has no language", s.name)
		}
		ids := map[string]bool{}
		headings := ""
		for n := range document.Descendants() {
			if id := attribute(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("%s: two elements have the id %s", s.name, id)
				}
				ids[id] = true
			}
			if n.Data == "h1" || n.Data == "h2" || n.Data == "h3" {
				headings += n.Data[1:]
			}
		}
		if !regexp.MustCompile(`^12+$`).MatchString(headings) {
			t.Errorf("%s: the levels of the headings are %s", s.name, headings)
		}
		for _, section := range elements(document, "section") {
			if !ids[attribute(section, "aria-labelledby")] {
				t.Errorf("%s: a section has no name", s.name)
			}
		}
		for _, icon := range elements(document, "svg") {
			if attribute(icon, "aria-hidden") != "true" {
				t.Errorf("%s: an icon is read to people", s.name)
			}
		}
		for _, button := range elements(document, "button") {
			if text(button) == "" {
				t.Errorf("%s: a button has no name", s.name)
			}
		}
	}
}
