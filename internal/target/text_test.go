package target_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// mark shows what is scrubbed.
func mark(text string, _ int) string { return "<" + text + ">" }

func TestOnlyForeignWordsAreScrubbed(t *testing.T) {
	t.Parallel()
	const own target.Own = "own words"
	for name, test := range map[string]struct {
		text target.Text
		want string
	}{
		"words":         {target.Say("Access is denied."), "Access is denied."},
		"string":        {target.Say("It said %s.", "no"), "It said <no>."},
		"error":         {target.Say("It said %s.", errors.New("no")), "It said <no>."},
		"quoted":        {target.Say("It said %q.", "a\nb"), "It said \"<a\nb>\"."},
		"named type":    {target.Say("It said %s.", target.Kind("crm")), "It said <crm>."},
		"own argument":  {target.Say("It said %s.", own), "It said own words."},
		"code":          {target.Say("%s of %s", target.General, target.Throttled), "general of throttled"},
		"numbers":       {target.Say("%d of %s, 100 %%", 7, time.Second), "7 of 1s, 100 %"},
		"a text":        {target.Say("%s It stays.", target.Say("%s said no.", "svc")), "<svc> said no. It stays."},
		"neighbors":     {target.Say("%s%s", "one ", "secret"), "<one secret>"},
		"across a text": {target.Say("%s%s", target.Say("%s", "one "), "secret"), "<one secret>"},
		"sentence":      {target.Say("%s", target.Sentence("remote error: no")), "<remote error: no>."},
		"markup":        {target.Say("The page %q", target.Markup("a &amp; b")), `The page "<<a & b>>"`},
		"excerpt":       {target.Say("It said %q.", target.Excerpt("<p>no\n<b>a &lt; b")), `It said "<< no a < b>>".`},
		"joined":        {target.Join([]target.Text{target.Say("A."), target.Say("%s", "B.")}, " "), "A. <B.>"},
		"format":        {target.Say("%s", "%s %d"), "<%s %d>"},
		"missing":       {target.Say("100%"), "100%"},
		"empty":         {target.Say("%s", ""), ""},
	} {
		if got := test.text.Scrubbed(mark).String(); got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
		if got := test.text.Scrubbed(mark).Scrubbed(mark).String(); got != test.want {
			t.Errorf("%s is scrubbed twice: %q", name, got)
		}
	}
}

// The words of the system stay as they were until they are scrubbed.
func TestForeignWordsAreScrubbedUnchanged(t *testing.T) {
	t.Parallel()
	var seen []string
	scrub := func(text string, _ int) string {
		seen = append(seen, text)
		return strings.ReplaceAll(text, "c&amp;n\"ary", "***")
	}
	text := target.Say("%q and %s, %s", "a\\u0062 ", target.Sentence("lower."), target.Markup("c&amp;n\"ary &lt;"))
	if got := text.Scrubbed(scrub).String(); got != `"a\u0062 " and Lower., *** <` {
		t.Errorf("got %q", got)
	}
	if got := strings.Join(seen, "|"); got != `a\u0062 |lower.|c&amp;n"ary &lt;|*** <` {
		t.Errorf("scrubbed %q", got)
	}
}

// A text that is a part of several messages is changed by none of them.
func TestTextsAreIndependent(t *testing.T) {
	t.Parallel()
	base := target.Say("It said %s", "no")
	first, second := target.Say("%s%s", base, " one"), target.Say("%s%s", base, " two")
	if base.String() != "It said no" || first.String() != "It said no one" || second.String() != "It said no two" {
		t.Errorf("got %q, %q and %q", base, first, second)
	}
}
