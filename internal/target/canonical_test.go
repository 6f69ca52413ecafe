package target_test

import (
	"reflect"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestRebinds(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		changed target.Settings
		want    []string
	}{
		"nothing":       {settings(), nil},
		"spelling":      {settings("url", "HTTPS://CRM.Example.com:443/", "username", "SVC"), nil},
		"default":       {settings("login_url", "https://login.example.com/"), nil},
		"does not bind": {settings("mode", "ntlm", "client_id", "y"), nil},
		"host":          {settings("url", "https://crm2.example.com"), []string{"url"}},
		"port":          {settings("url", "https://crm.example.com:444"), []string{"url"}},
		"path":          {settings("url", "https://crm.example.com/Other"), []string{"url"}},
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
