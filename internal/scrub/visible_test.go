package scrub_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

func TestVisibleEscapesControlAndFormatCharacters(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                            "",
		"Ännchen 日本 👍 \"a\\b\"":       "Ännchen 日本 👍 \"a\\b\"",
		"two\nlines\tand a tab":       "two\nlines\tand a tab",
		"title \x1b]0;owned\a":        `title \x1b]0;owned\a`,
		"\u009b31mred":                `\u009b31mred`,
		"over\rwritten":               `over\rwritten`,
		"abc\u202etxt.exe":            `abc\u202etxt.exe`,
		"zero\u200bwidth\u00ad":       `zero\u200bwidth\u00ad`,
		"line\u2028and\u2029":         `line\u2028and\u2029`,
		"tag\U000e0041":               `tag\U000e0041`,
		"not UTF-8: \x9b31m and \xff": `not UTF-8: \ufffd31m and \ufffd`,
		"\x00\x7f":                    `\x00\x7f`,
	} {
		if got := scrub.Visible(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}

func TestScrubToLimitsLength(t *testing.T) {
	t.Parallel()
	scrubber := scrub.New("canary-7d1f")
	if got, want := scrubber.ScrubTo("one two\nthree canary-7d1f", 13), "one two three"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := scrubber.ScrubTo("one canary-7d1f", 100), "one ***"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
