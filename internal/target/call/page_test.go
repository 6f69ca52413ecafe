package call_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTitleOfPage(t *testing.T) {
	t.Parallel()
	const none = "with a web page instead of data."
	html := http.Header{"Content-Type": {"text/html"}}
	for name, test := range map[string]struct{ page, message string }{
		"with attributes":       {`<TITLE lang="en">Sign &lt;in&gt;</TITLE >`, `the web page "Sign <in>" instead`},
		"after invalid UTF-8":   {"\xff\xfe\u0130<title>Sign in</title>", `the web page "Sign in" instead`},
		"in other letters":      {"<title>Přihlásit</title>", `the web page "Přihlásit" instead`},
		"longest":               {"<title>" + strings.Repeat("ä", 200) + "</title>", "ää"},
		"too long":              {"<title>" + strings.Repeat("ä", 201) + "</title>", none},
		"empty":                 {"<title></title>", none},
		"without an end":        {"<title>Sign in", none},
		"in the first 64 KiB":   {strings.Repeat(" ", 64<<10-23) + "<title>Sign in</title>", "Sign in"},
		"after the first":       {strings.Repeat(" ", 64<<10) + "<title>Sign in</title>", none},
		"4 MiB of openings":     {strings.Repeat("<title", 4<<20/6), none},
		"4 MiB of whole titles": {strings.Repeat("<title>", 4<<20/7), none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := classifier().FaultOf(response(http.StatusOK, html, test.page), nil)
			if fault == nil || !fault.Message.Contains(test.message) {
				t.Errorf("got %v, want %q", fault, test.message)
			}
		})
	}
}

// The page is as large as a response may be. It used to cost seconds.
func BenchmarkTitleOfPage(b *testing.B) {
	page := response(http.StatusOK, http.Header{"Content-Type": {"text/html"}}, strings.Repeat("<title", 4<<20/6))
	for b.Loop() {
		_ = classifier().FaultOf(page, nil)
	}
}
