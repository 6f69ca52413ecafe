package cli

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestConnectionsThatDoNotWork(t *testing.T) {
	t.Parallel()
	past, future := noon.Add(-time.Hour), noon.Add(time.Hour)
	all := map[string]api.Connection{
		"working":    {Status: "working"},
		"unverified": {Status: "unverified"},
		"expiring":   {Status: "working", CredentialsExpireAt: &future, Warnings: []string{"certificate expires soon."}},
		"expired":    {Status: "working", CredentialsExpireAt: &past},
		"failing":    {Status: api.StatusFailing},
		"blank":      {Status: api.StatusBlank},
	}
	for name, c := range all {
		c.Name = name
		var out strings.Builder
		err := printConnections(&out, output{}, []api.Connection{c}, noon)
		if broken := name == "expired" || name == "failing" || name == "blank"; (err != nil) != broken {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(out.String(), "\nWarning: expiring: certificate expires soon.\n") != (name == "expiring") {
			t.Errorf("%s:\n%s", name, &out)
		}
	}
	two := []api.Connection{{Name: "A", Status: api.StatusBlank}, {Name: "B", Status: api.StatusFailing}}
	err := printConnections(new(strings.Builder), output{json: true}, two, noon)
	if err == nil || err.Error() != `2 connections do not work: "A", "B"` {
		t.Errorf("two: %v", err)
	}
}

func TestTableShowsUses(t *testing.T) {
	t.Parallel()
	c := api.Connection{
		Name: "Exchange", System: "exchange", Status: "working",
		Policies: []api.PolicyReference{{ID: "1", Name: "Mail", Enabled: true}, {ID: "2", Name: "Pilot"}},
		Uses:     []api.Use{{PolicyID: "1", PolicyName: "Mail"}, {PolicyID: "3", PolicyName: "Old"}},
	}
	var out strings.Builder
	if err := printConnections(&out, output{}, []api.Connection{c}, noon); err != nil {
		t.Fatal(err)
	}
	const want = "NAME      SYSTEM    STATUS   LAST TEST  USED BY                               EXPIRES\n" +
		"Exchange  exchange  working  never      Mail, Pilot (disabled), Old (before)  -\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &out, want)
	}
}

func TestCellIsOneSafeLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "-", " \n": "-", "two\nlines\tand a tab": "two lines and a tab", "\x1b[31mred\u202e": `\x1b[31mred\u202e`,
	} {
		if got := cell(text); got != want {
			t.Errorf("%q is shown as %q, want %q", text, got, want)
		}
	}
}
