package target_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

func TestRebinds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changed target.Settings
		want    []string
	}{
		"nothing":                  {settings(), nil},
		"spelling":                 {settings("url", "HTTPS://CRM.Example.com:443/", "username", "SVC"), nil},
		"default":                  {settings("login_url", "https://login.example.com/"), nil},
		"does not bind":            {settings("mailbox", "x@example.com", "client_id", "y"), nil},
		"the default, written out": {settings("mode", "basic"), nil},
		"host":                     {settings("url", "https://crm2.example.com"), []string{"url"}},
		"port":                     {settings("url", "https://crm.example.com:444"), []string{"url"}},
		"path":                     {settings("url", "https://crm.example.com/Other"), []string{"url"}},
		"user and login": {
			settings("username", "other", "login_url", "https://test.example.com"),
			[]string{"username", "login_url"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := crm().Rebinds(settings(), test.changed)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if same := crm().Binding(settings()) == crm().Binding(test.changed); same != (test.want == nil) {
				t.Errorf("bindings equal: %t", same)
			}
		})
	}
}

// A change of such a setting always changes the binding, but only some changes require the credentials.
func TestWeakerSettingsRequireCredentials(t *testing.T) {
	t.Parallel()
	end := time.Now().Add(time.Hour)
	one, _ := pemtest.Pair(t, "one", end)
	two, _ := pemtest.Pair(t, "two", end)
	const ca = target.CACertificate
	for name, test := range map[string]struct {
		before, after target.Settings
		want          []string
		same          bool
	}{
		"authority added":           {settings(), settings(ca, one), []string{ca}, false},
		"second authority added":    {settings(ca, one), settings(ca, one+two), []string{ca}, false},
		"authority replaced":        {settings(ca, one), settings(ca, two), []string{ca}, false},
		"authority removed":         {settings(ca, one+two), settings(ca, two), nil, false},
		"all authorities removed":   {settings(ca, one+two), settings(), nil, false},
		"other order":               {settings(ca, one+two), settings(ca, two+one), nil, true},
		"repeated":                  {settings(ca, one), settings(ca, one+one), nil, true},
		"comments and white space":  {settings(ca, one+two), settings(ca, "# One\n"+one+"\n# Two\n"+two+"\n \n"), nil, true},
		"other line breaks":         {settings(ca, one), settings(ca, strings.ReplaceAll(one, "\n", "\r\n")), nil, true},
		"header of a block removed": {settings(ca, withHeader(one)+two), settings(ca, one+two), []string{ca}, false},
		"weaker scheme":             {settings("mode", "ntlm"), settings("mode", "digest"), []string{"mode"}, false},
		"scheme removed":            {settings("mode", "ntlm"), settings(), []string{"mode"}, false},
		"stronger scheme":           {settings(), settings("mode", "digest"), nil, false},
		"strongest scheme":          {settings("mode", "digest"), settings("mode", "ntlm"), nil, false},
		"weaker, and another address": {
			settings("mode", "ntlm"), settings("url", "https://x.example.com"), []string{"url", "mode"}, false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := crm().Rebinds(test.before, test.after); !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if same := crm().Binding(test.before) == crm().Binding(test.after); same != test.same {
				t.Errorf("bindings equal: %t", same)
			}
			sameAccount := crm().AccountKey(test.before) == crm().AccountKey(test.after)
			if other := slices.Contains(test.want, "url"); sameAccount == other {
				t.Errorf("the same account: %t", sameAccount)
			}
		})
	}
}

// withHeader adds a header to a block, which makes it one that is not trusted.
func withHeader(certificate string) string {
	return strings.Replace(certificate, "-----\n", "-----\nTrusted: no\n\n", 1)
}

func TestBindingIsUnambiguous(t *testing.T) {
	t.Parallel()
	a := crm().Binding(target.Settings{"url": "a", "username": `b" "login_url"="c`, "login_url": "d"})
	b := crm().Binding(target.Settings{"url": "a", "username": "b", "login_url": `c" "d`})
	if a == b {
		t.Error("different settings have the same binding")
	}
	other := crm()
	other.Name = "other"
	if crm().Binding(settings()) == other.Binding(settings()) {
		t.Error("two systems have the same binding")
	}
}

func TestCanonicalCredentials(t *testing.T) {
	t.Parallel()
	got := crm().CanonicalCredentials(target.Credentials{"private_key": "key\r\n \n", "password": "p ", "service_account": "{}\n"})
	want := []string{"password", "p ", "private_key", "key", "service_account", "{}"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestLengthPrefixedTextsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, texts := range [][]string{{"p"}, {"p", ""}, {"p", "a", "bc"}, {"p", "ab", "c"}, {"p", "abc"}, {"pa", "bc"}} {
		joined := string(target.LengthPrefixed(texts[0], texts[1:]...))
		if other, ok := seen[joined]; ok {
			t.Errorf("%q and %q give the same bytes", texts, other)
		}
		seen[joined] = texts
	}
}

func TestCanonicalURL(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"https://Mail.Example.COM/EWS/Exchange.asmx": "https://mail.example.com/EWS/Exchange.asmx",
		"HTTPS://mail.example.com:443/":              "https://mail.example.com",
		"http://localhost:80//":                      "http://localhost",
		"https://mail.example.com:80":                "https://mail.example.com:80",
		"https://[::1]:443/a%2Fb/":                   "https://[::1]/a%2Fb",
		"not an address":                             "not an address",
	} {
		if got := target.CanonicalURL(given); got != want {
			t.Errorf("%s: got %q, want %q", given, got, want)
		}
	}
}
