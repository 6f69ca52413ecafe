package errortable_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

const header = "code\ttext\tfault\tcertain\tfield\tmeaning\thelp\n"

const sample = "# Source: https://example.com/errors\n" + header +
	"invalid_grant\t\tgiven_credentials\tno\t\tThe grant was rejected.\t\n" +
	"invalid_grant\tIP restricted\tinsufficient_permission\tno\t-\tThe address is not allowed.\tAllow it.\n" +
	"E_1\t\tmisconfigured\tno\turl\tThe address is wrong.\t\n" +
	"\tslow down\tthrottled\tno\t\tToo many requests.\t\n" +
	"bad\t\tgiven_credentials\tyes\tpassword\tA \"wrong\" password.\t\n"

func TestFindPrefersTheMostSpecificRow(t *testing.T) {
	t.Parallel()
	table := errortable.Of(sample)()
	for name, test := range map[string]struct {
		code, message string
		want          target.Code
		field         string
	}{
		"code and text":          {"invalid_grant", "an ip RESTRICTED user", target.InsufficientPermission, ""},
		"code":                   {"invalid_grant", "something", target.GivenCredentials, ""},
		"text over code":         {"invalid_grant", "Slow down!", target.Throttled, ""},
		"text with unknown code": {"new", "Slow down!", target.Throttled, ""},
		"field":                  {"E_1", "", target.Misconfigured, "url"},
		"quotes in a meaning":    {"bad", "", target.GivenCredentials, "password"},
	} {
		row, ok := table.Find(test.code, test.message)
		if !ok || row.Fault != test.want || row.Field != test.field {
			t.Errorf("%s: got %+v, %t", name, row, ok)
		}
	}
	if row, ok := table.Find("new", "unknown"); ok {
		t.Errorf("got %+v for an unknown error", row)
	}
	if row, _ := table.Find("invalid_grant", "ip restricted"); !row.NoField || row.Help != "Allow it." {
		t.Errorf("got %+v", row)
	}
	if !table.Knows("E_1") || table.Knows("E_2") {
		t.Error("Knows is wrong")
	}
}

func TestRowsOfOneCallGoFirst(t *testing.T) {
	t.Parallel()
	table := errortable.Of(sample)()
	other := table.With(errortable.Row{Code: "E_1", Fault: target.UserNotFound}).Rename(map[string]string{"password": "secret"})
	if row, _ := other.Find("E_1", ""); row.Fault != target.UserNotFound {
		t.Errorf("got %+v", row)
	}
	if row, _ := other.Find("bad", ""); row.Field != "secret" {
		t.Errorf("got %+v", row)
	}
	if row, _ := table.Find("E_1", ""); row.Fault != target.Misconfigured {
		t.Errorf("the first table changed: %+v", row)
	}
}

func TestMalformedTablesAreErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "first line",
		"code\tfault\n":                        "wrong number of fields",
		header + "a\tb\n":                      "wrong number of fields",
		header + "a\t\todd\tno\t\t\t\n":        `unknown fault "odd"`,
		header + "a\t\tthrottled\t\t\t\t\n":    "certain",
		header + "a\t\tthrottled\tyes\t\t\t\n": "only given_credentials can be certain",
		header + "\t\tthrottled\tno\t\t\t\n":   "neither code nor text",
	} {
		if _, err := errortable.Parse(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", text, err)
		}
	}
}
