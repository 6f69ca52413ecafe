package exchange_test

import (
	"maps"
	"strings"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
)

func TestFieldCombinations(t *testing.T) {
	t.Parallel()
	server := secure(t)
	certificate, key := server.Certificate()
	other := newCertificate(t, server, sandboxcore.ClientCertificate{Email: "ada@example.com"})
	const address = "https://mail.example.com"
	for name, test := range map[string]struct {
		settings target.Settings
		secrets  target.Credentials
		field    string // empty if there is no error
		message  string
	}{
		"password": {settings: target.Settings{"ews_url": address}, secrets: target.Credentials{"password": "x"}},
		"owa_url":  {settings: target.Settings{"owa_url": address}, secrets: target.Credentials{"password": "x"}},
		"certificate": {
			settings: target.Settings{"ews_url": address, "authentication": "certificate"},
			secrets:  target.Credentials{"certificate": certificate, "private_key": key},
		},
		"both": {
			settings: target.Settings{"ews_url": address},
			secrets:  target.Credentials{"password": "x", "certificate": certificate, "private_key": key},
		},
		"invalid address": {
			secrets: target.Credentials{"password": "x"},
			field:   "ews_url", message: "ews_url or owa_url",
		},
		"Outlook on the web": {
			settings: target.Settings{"ews_url": address + "/OWA/"}, secrets: target.Credentials{"password": "x"},
			field: "ews_url", message: "set owa_url to this address instead",
		},
		"admin center": {
			settings: target.Settings{"ews_url": address + "/ecp"}, secrets: target.Credentials{"password": "x"},
			field: "ews_url", message: "/ecp is another service",
		},
		"two addresses": {
			settings: target.Settings{"ews_url": address, "owa_url": address},
			field:    "owa_url", message: "one of them",
		},
		"certificate for basic": {
			settings: target.Settings{"ews_url": address},
			secrets:  target.Credentials{"certificate": certificate, "private_key": key},
			field:    "authentication", message: "also require password",
		},
		"password for certificate": {
			settings: target.Settings{"ews_url": address, "authentication": "certificate"},
			secrets:  target.Credentials{"password": "x"},
			field:    "authentication", message: "without a password",
		},
		"no key": {
			settings: target.Settings{"ews_url": address},
			secrets:  target.Credentials{"password": "x", "certificate": certificate},
			field:    "private_key", message: "belong together",
		},
		"key only": {
			settings: target.Settings{"ews_url": address, "authentication": "certificate"},
			secrets:  target.Credentials{"private_key": key},
			field:    "certificate", message: "also requires certificate",
		},
		"another key": {
			settings: target.Settings{"ews_url": address, "authentication": "certificate"},
			secrets:  target.Credentials{"certificate": certificate, "private_key": other["private_key"]},
			field:    "private_key", message: "does not belong",
		},
		"no expected user": {
			settings: target.Settings{"ews_url": address, "authentication": "certificate", "username": `SIM\svc-riva`},
			secrets:  target.Credentials{"certificate": certificate, "private_key": key},
			field:    "username", message: "set mailbox",
		},
		"a mailbox to expect": {
			settings: target.Settings{
				"ews_url": address, "authentication": "certificate", "username": `SIM\svc-riva`, "mailbox": "svc-riva@example.com",
			},
			secrets: target.Credentials{"certificate": certificate, "private_key": key},
		},
		"colon, the server decides": {
			settings: target.Settings{"ews_url": address, "username": "svc:riva@example.com"},
			secrets:  target.Credentials{"password": "x"},
		},
		"colon with basic": {
			settings: target.Settings{"ews_url": address, "authentication": "basic", "username": "svc:riva@example.com"},
			secrets:  target.Credentials{"password": "x"},
			field:    "username", message: "colon",
		},
		"colon with NTLM": {
			settings: target.Settings{"ews_url": address, "authentication": "ntlm", "username": "svc:riva@example.com"},
			secrets:  target.Credentials{"password": "x"},
		},
		"unknown access": {
			settings: target.Settings{"ews_url": address, "access": "owner"},
			field:    "access", message: "delegate",
		},
	} {
		settings := target.Settings{"username": "svc-riva@example.com"}
		maps.Copy(settings, test.settings)
		fieldErrs := exchange.System().Validate(settings, test.secrets, target.Network{})
		switch {
		case test.field == "" && len(fieldErrs) > 0:
			t.Errorf("%s: got %v", name, fieldErrs)
		case test.field != "" && (len(fieldErrs) != 1 || fieldErrs[0].Field != test.field ||
			!strings.Contains(fieldErrs[0].Message, test.message)):
			t.Errorf("%s: got %v, want %s with %q", name, fieldErrs, test.field, test.message)
		}
	}
}

// Both addresses bind the credentials.
func TestAddressesBind(t *testing.T) {
	t.Parallel()
	old := target.Settings{"ews_url": "https://mail.example.com/EWS/Exchange.asmx", "username": "svc-riva@example.com"}
	changed := target.Settings{"owa_url": "https://mail.example.com/owa", "username": "svc-riva@example.com"}
	if got := strings.Join(exchange.System().Rebinds(old, changed), " "); got != "ews_url owa_url" {
		t.Errorf("got %q", got)
	}
}

// The stored password may only move to an authentication that shows less of it.
func TestAuthenticationBindsInOneDirection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		before, after string
		weaker        bool
	}{
		{"", "basic", true}, // the offer of the server may have decided for NTLM
		{"basic", "", false},
		{"basic", "ntlm", false},
		{"", "ntlm", false},
		{"ntlm", "certificate", false},
		{"ntlm", "basic", true},
		{"ntlm", "", true},
		{"certificate", "ntlm", true},
	} {
		settings := func(scheme string) target.Settings {
			s := target.Settings{"ews_url": "https://mail.example.com/EWS/Exchange.asmx", "username": "svc-riva@example.com"}
			if scheme != "" {
				s["authentication"] = scheme
			}
			return s
		}
		got := exchange.System().Rebinds(settings(c.before), settings(c.after))
		if weaker := strings.Join(got, " ") == "authentication"; weaker != c.weaker || len(got) > 1 {
			t.Errorf("from %q to %q: %q", c.before, c.after, got)
		}
	}
}
