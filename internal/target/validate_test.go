package target_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// crm is a test system with every type of field and several grants.
func crm() *target.System {
	return &target.System{
		Name: "crm", Title: "Example CRM",
		Fields: []target.Field{
			{Name: "url", Type: target.URL, Required: true, Binds: true},
			{Name: "username", Required: true, Binds: true, Canonical: strings.ToLower},
			{Name: "login_url", Type: target.URL, Binds: true, Default: "https://login.example.com"},
			{
				Name: "mode", Default: "basic", Allowed: []string{"basic", "ntlm", "digest"},
				Weakens: target.WeakerScheme([]string{"basic", "digest", "ntlm"}),
			},
			{Name: "mailbox", Type: target.EmailAddress},
			{Name: "client_id"},
			target.CACertificateField("for a test"),
			{Name: "password", Secret: true},
			{Name: "client_secret", Secret: true},
			{Name: "refresh_token", Secret: true},
			{Name: "private_key", Type: target.PrivateKey, Secret: true},
			{Name: "service_account", Type: target.JSON, Secret: true},
		},
		Grants: []target.Grant{
			{Name: "password", Secrets: []string{"password"}},
			{Name: "client", Secrets: []string{"client_secret"}, Settings: []string{"client_id"}},
			{Name: "refresh", Secrets: []string{"client_secret", "refresh_token"}, Settings: []string{"client_id"}},
			{Name: "jwt", Secrets: []string{"private_key"}, Settings: []string{"client_id"}},
			{Name: "service_account", Secrets: []string{"service_account"}},
		},
	}
}

func settings(more ...string) target.Settings {
	s := target.Settings{"url": "https://crm.example.com", "username": "svc"}
	for i := 0; i < len(more); i += 2 {
		s[more[i]] = more[i+1]
	}
	return s
}

func TestValidateAcceptsValidFields(t *testing.T) {
	t.Parallel()
	certificate, key := pemtest.Pair(t, "", time.Now().Add(time.Hour))
	for name, test := range map[string]struct {
		settings    target.Settings
		credentials target.Credentials
	}{
		"least":            {settings(), nil},
		"password":         {settings(), target.Credentials{"password": " p ä "}},
		"two certificates": {settings("ca_certificate", certificate+"\n"+certificate+" \n"), nil},
		"long token": {
			settings("client_id", "x"), target.Credentials{"client_secret": "x", "refresh_token": strings.Repeat("x", 16<<10)},
		},
		"key":         {settings("client_id", "x"), target.Credentials{"private_key": key}},
		"JSON":        {settings(), target.Credentials{"service_account": "{\n\t\"type\": 1\n}\n"}},
		"loopback":    {settings("url", "http://127.0.0.1:8080/EWS"), nil},
		"loopback v6": {settings("url", "http://[::1]:8080"), nil},
		"localhost":   {settings("url", "HTTP://LocalHost/x"), nil},
		"all": {
			settings("mode", "ntlm", "mailbox", "svc@example.com", "login_url", "https://x.example.com:8443/"),
			nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if fieldErrs := crm().Validate(test.settings, test.credentials, target.Network{LoopbackHTTP: true}); fieldErrs != nil {
				t.Errorf("got %v", fieldErrs)
			}
		})
	}
}

func TestValidateErrors(t *testing.T) {
	t.Parallel()
	certificate, key := pemtest.Pair(t, "", time.Now().Add(time.Hour))
	for name, test := range map[string]struct {
		settings    target.Settings
		credentials target.Credentials
		field       string
		secret      bool
		message     string
	}{
		"unknown setting": {
			settings("color", "red"), nil, "color", false,
			`"color" is not a setting of Example CRM; it has url, username`,
		},
		"unknown secret": {settings(), target.Credentials{"pin": "canary"}, "pin", true, "it has password,"},
		"secret as setting": {
			settings("password", "canary"), nil, "password", false, "set it in the credentials",
		},
		"setting as secret": {
			settings(), target.Credentials{"username": "canary"}, "username", true, "set it in the settings",
		},
		"missing": {
			target.Settings{"url": "https://x.example.com"}, nil, "username", false, "username is required.",
		},
		"secret, no setting": {
			target.Settings{"url": "https://x.example.com"}, target.Credentials{"password": "canary"},
			"username", false, "is required",
		},
		"empty":        {settings("mode", ""), nil, "mode", false, "set a value, or remove it"},
		"empty secret": {settings(), target.Credentials{"password": ""}, "password", true, "must not be empty"},
		"not allowed":  {settings("mode", "kerberos"), nil, "mode", false, `must be one of "basic", "ntlm"`},
		"http elsewhere": {
			settings("url", "http://crm.example.com"), nil, "url", false, "must start with https://",
		},
		"http like loopback": {
			settings("url", "http://127.0.0.1.example.com"), nil, "url", false,
			"loopback hosts such as 127.0.0.1 only",
		},
		"another scheme": {
			settings("url", "ftp://crm.example.com"), nil, "url", false, "must start with https://",
		},
		"no scheme": {settings("url", "crm.example.com/EWS"), nil, "url", false, "complete address"},
		"host and port": {
			settings("url", "crm.example.com:443"), nil, "url", false, "must be an address that starts with https://",
		},
		"no host": {settings("url", "https:///EWS"), nil, "url", false, "complete address"},
		"malformed": {
			settings("url", "https://exa mple.com/%zz"), nil, "url", false, "must be an address that starts with https://",
		},
		"port of 0": {
			settings("url", "https://crm.example.com:0"), nil, "url", false, "port from 1 to 65535",
		},
		"port too high": {
			settings("url", "https://crm.example.com:65536"), nil, "url", false, "port from 1 to 65535",
		},
		"port missing": {
			settings("url", "https://crm.example.com:/"), nil, "url", false, "port from 1 to 65535",
		},
		"user in address": {
			settings("url", "https://svc:canary@crm.example.com"), nil, "url", false, "their own fields",
		},
		"fragment":       {settings("url", "https://crm.example.com/#top"), nil, "url", false, "leave out #"},
		"empty fragment": {settings("url", "https://crm.example.com/#"), nil, "url", false, "leave out #"},
		"query":          {settings("url", "https://crm.example.com/?wsdl"), nil, "url", false, "leave out ?"},
		"line break":     {settings("username", "svc\n"), nil, "username", false, "line break at the end"},
		"control": {
			settings(), target.Credentials{"password": "canary\x00"}, "password", true, "control characters",
		},
		"white space": {settings("username", " svc"), nil, "username", false, "begin or end with white space"},
		"not UTF-8":   {settings("username", "caf\xe9"), nil, "username", false, "UTF-8"},
		"too long": {
			settings("username", strings.Repeat("x", 2001)), nil, "username", false, "longer than 2000 bytes",
		},
		"secret too long": {
			settings(), target.Credentials{"password": strings.Repeat("x", 16<<10+1)}, "password", true, "longer than 16384 bytes",
		},
		"PEM too long": {
			settings("ca_certificate", strings.Repeat("x", 16<<10+1)), nil, "ca_certificate", false,
			"longer than 16384 bytes",
		},
		"no email address": {settings("mailbox", "somebody"), nil, "mailbox", false, "such as user@example.com"},
		"name and address": {
			settings("mailbox", "Ada <ada@example.com>"), nil, "mailbox", false, "one email address",
		},
		"two addresses": {
			settings("mailbox", "a@example.com, b@example.com"), nil, "mailbox", false, "one email address",
		},
		"no PEM": {
			settings("ca_certificate", "certificate"), nil, "ca_certificate", false, "BEGIN CERTIFICATE",
		},
		"PEM and more": {
			settings("ca_certificate", certificate+"more"), nil, "ca_certificate", false, "nothing else",
		},
		"key as certificate": {settings("ca_certificate", key), nil, "ca_certificate", false, "BEGIN CERTIFICATE"},
		"broken certificate": {
			settings("ca_certificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), nil,
			"ca_certificate", false, "BEGIN CERTIFICATE",
		},
		"certificate as key": {
			settings("client_id", "x"), target.Credentials{"private_key": certificate}, "private_key", true,
			"BEGIN PRIVATE KEY",
		},
		"no JSON": {
			settings(), target.Credentials{"service_account": "{canary"}, "service_account", true, "JSON",
		},
		"contradicting": {
			settings(), target.Credentials{"password": "canary", "client_secret": "canary"}, "password", true,
			"password and client_secret cannot be combined. Set password, client_secret with client_id",
		},
		"secret missing": {
			settings("client_id", "x"), target.Credentials{"refresh_token": "canary"}, "client_secret", true,
			"refresh_token also requires client_secret.",
		},
		"setting missing": {
			settings(), target.Credentials{"client_secret": "canary"}, "client_id", false,
			"client_secret also requires client_id.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fieldErrs := crm().Validate(test.settings, test.credentials, target.Network{LoopbackHTTP: true})
			if len(fieldErrs) != 1 {
				t.Fatalf("got %d errors: %v", len(fieldErrs), fieldErrs)
			}
			got := fieldErrs[0]
			if got.Field != test.field || got.Secret != test.secret || !strings.Contains(got.Error(), test.message) {
				t.Errorf("got %+v, want %q in it", got, test.message)
			}
			if !strings.Contains(got.Error(), test.field) || strings.Contains(got.Error(), "canary") {
				t.Errorf("message does not name the field, or shows a value: %q", got.Error())
			}
		})
	}
}

func TestValidateListsAllErrors(t *testing.T) {
	t.Parallel()
	given := target.Settings{"url": "x", "zeta": "1", "alpha": "2"}
	fieldErrs := crm().Validate(given, target.Credentials{"password": ""}, target.Network{LoopbackHTTP: true})
	var fields []string
	for _, p := range fieldErrs {
		fields = append(fields, p.Field)
	}
	if want := []string{"alpha", "zeta", "url", "username", "password"}; !reflect.DeepEqual(fields, want) {
		t.Errorf("got %v, want %v", fields, want)
	}
}

func TestCheckWithoutLoopback(t *testing.T) {
	t.Parallel()
	field, _ := crm().Field("url")
	err := field.Check("http://127.0.0.1/", target.Network{})
	var fieldErr target.FieldError
	if !errors.As(err, &fieldErr) || fieldErr.Message != "url must start with https://." {
		t.Errorf("got %v", err)
	}
	if err := field.Check("https://127.0.0.1/", target.Network{}); err != nil {
		t.Errorf("https: got %v", err)
	}
}

func TestGrant(t *testing.T) {
	t.Parallel()
	for name, credentials := range map[string]target.Credentials{
		"password": {"password": "a"}, "client": {"client_secret": "a"}, "jwt": {"private_key": "a"},
		"refresh": {"client_secret": "a", "refresh_token": "b"},
	} {
		if got, err := crm().Grant(settings("client_id", "x"), credentials); err != nil || got.Name != name {
			t.Errorf("%s: got %q, %v", name, got.Name, err)
		}
	}
	_, err := crm().Grant(settings(), nil)
	if err == nil || !strings.Contains(err.Error(), "password, client_secret with client_id") {
		t.Errorf("no secrets: got %v", err)
	}
}

func TestGrantErrors(t *testing.T) {
	t.Parallel()
	s := crm()
	s.Grants = []target.Grant{
		{Name: "client", Secrets: []string{"client_secret"}, CheckSettings: func(settings target.Settings) error {
			if settings["mode"] == "" {
				return target.FieldError{Field: "mode", Message: "mode is needed."}
			}
			return nil
		}},
		{Name: "refresh", Secrets: []string{"refresh_token"}, Optional: []string{"client_secret"}},
		{Name: "jwt", Secrets: []string{"private_key"}, CheckCredentials: func(_ target.Settings, c target.Credentials) error {
			if c["private_key"] != "right" {
				return target.FieldError{Field: "private_key", Secret: true, Message: "private_key does not fit."}
			}
			return nil
		}},
	}
	for _, test := range []struct {
		settings      target.Settings
		credentials   target.Credentials
		want, message string
	}{
		{settings(), target.Credentials{"refresh_token": "x"}, "refresh", ""},
		{settings(), target.Credentials{"refresh_token": "x", "client_secret": "y"}, "refresh", ""},
		{settings("mode", "basic"), target.Credentials{"client_secret": "y"}, "client", ""},
		{settings(), target.Credentials{"client_secret": "y"}, "", "mode is needed."},
		{settings(), target.Credentials{"refresh_token": "x", "password": "y"}, "", "cannot be combined"},
		{settings(), target.Credentials{"password": "y"}, "", "refresh_token (and client_secret, if required)"},
		{settings(), target.Credentials{"private_key": "right"}, "jwt", ""},
		{settings(), target.Credentials{"private_key": "wrong"}, "", "private_key does not fit."},
	} {
		got, err := s.Grant(test.settings, test.credentials)
		if got.Name != test.want || (err != nil) != (test.message != "") || err != nil && !strings.Contains(err.Error(), test.message) {
			t.Errorf("%v: got %q, %v", test, got.Name, err)
		}
	}
	if fieldErrs := s.Validate(settings(), target.Credentials{"client_secret": "y"}, target.Network{}); len(fieldErrs) != 1 ||
		fieldErrs[0].Field != "mode" {
		t.Errorf("got %v", fieldErrs)
	}
}

// CheckValue runs after the check of the type.
func TestFieldCheckValue(t *testing.T) {
	t.Parallel()
	f := target.Field{Name: "address", Type: target.EmailAddress, CheckValue: func(value string) error {
		if !strings.HasSuffix(value, "@example.com") {
			return errors.New("must be at example.com")
		}
		return nil
	}}
	for value, text := range map[string]string{
		"ada@example.com": "", "ada@example.org": "address must be at example.com.", "ada": "one email address",
	} {
		if err := f.Check(value, target.Network{}); (err == nil) != (text == "") || err != nil && !strings.Contains(err.Error(), text) {
			t.Errorf("%s: got %v", value, err)
		}
	}
}
