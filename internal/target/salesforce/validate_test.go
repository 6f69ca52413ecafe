package salesforce_test

import (
	"maps"
	"strings"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestValidate(t *testing.T) {
	t.Parallel()
	seed, err := sandbox.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	key := seed.App.PrivateKey
	const myDomain, sandboxLogin = "https://example.my.salesforce.com", "https://test.salesforce.com/"
	for name, test := range map[string]struct {
		settings       target.Settings
		credentials    target.Credentials
		grant          string
		field, message string // of the error; empty for none
	}{
		"private key":   {nil, target.Credentials{"private_key": key}, jwtBearer, "", ""},
		"refresh token": {nil, target.Credentials{"refresh_token": "x"}, refreshToken, "", ""},
		"refresh token and secret": {
			nil, target.Credentials{"refresh_token": "x", "client_secret": "x"}, refreshToken, "", "",
		},
		"secret at My Domain": {
			target.Settings{"login_url": myDomain}, target.Credentials{"client_secret": "x"}, clientCredentials, "", "",
		},
		"secret at login": {nil, target.Credentials{"client_secret": "x"}, "", "login_url", "My Domain"},
		"secret at test": {
			target.Settings{"login_url": sandboxLogin}, target.Credentials{"client_secret": "x"}, "", "login_url",
			"test.salesforce.com does not offer",
		},
		"key and secret": {
			nil, target.Credentials{"private_key": key, "client_secret": "x"}, "", "private_key", "cannot be combined",
		},
		"key and refresh token": {
			nil, target.Credentials{"private_key": key, "refresh_token": "x"}, "", "private_key", "cannot be combined",
		},
		"key of a curve": {nil, target.Credentials{"private_key": conformance.CurveKey(t)}, jwtBearer, "private_key", "RSA"},
		"certificate":    {nil, target.Credentials{"private_key": seed.App.Certificate}, jwtBearer, "private_key", "private key"},
		"long id":        {target.Settings{"organization_id": "00D5g000004SimAEAS"}, nil, "", "", ""},
		"short id":       {target.Settings{"organization_id": "00D5g000004SimA"}, nil, "", "", ""},
		"id of a user":   {target.Settings{"organization_id": "0055g000004SimA"}, nil, "", "organization_id", "00D"},
		"too short an id": {
			target.Settings{"organization_id": "00D5g000004Sim"}, nil, "", "organization_id", "15 or 18",
		},
		"Lightning": {
			target.Settings{"login_url": "https://example.Lightning.force.com"}, nil, "", "login_url", "https://example.my.salesforce.com",
		},
		"setup of a sandbox": {
			target.Settings{"login_url": "https://example--dev.sandbox.my.salesforce-setup.com"}, nil, "", "login_url", "My Domain",
		},
		"login over http": {target.Settings{"login_url": "http://login.salesforce.com"}, nil, "", "login_url", "https://"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := target.Settings{"username": "riva-sync@example.com", "client_id": "3MVG9"}
			maps.Copy(settings, test.settings)
			fieldErrs := salesforce.System().Validate(settings, test.credentials, target.Network{})
			if test.message == "" {
				if len(fieldErrs) != 0 {
					t.Fatalf("got %v", fieldErrs)
				}
			} else if len(fieldErrs) != 1 || fieldErrs[0].Field != test.field || !strings.Contains(fieldErrs[0].Message, test.message) {
				t.Fatalf("got %v, want an error about %s with %q", fieldErrs, test.field, test.message)
			}
			if test.grant == "" {
				return
			}
			if got, err := salesforce.System().Grant(settings, test.credentials); err != nil || got.Name != test.grant {
				t.Errorf("got grant %q, %v", got.Name, err)
			}
		})
	}
}

// Which changes require the credentials again.
func TestBinding(t *testing.T) {
	t.Parallel()
	old := target.Settings{"username": "Riva@example.com", "client_id": "a", "organization_id": "00D5g000004SimA"}
	for change, want := range map[[2]string]string{
		{"username", "riva@example.com"}:               "",
		{"username", "ada@example.com"}:                "username",
		{"login_url", "https://LOGIN.salesforce.com/"}: "",
		{"login_url", "https://test.salesforce.com"}:   "login_url",
		{"client_id", "b"}:                             "client_id",
		{"organization_id", "00D5g000004SimAEAS"}:      "",
		{"organization_id", "00D5g000004SimB"}:         "",
	} {
		changed := target.Settings{"username": "Riva@example.com", "client_id": "a", "organization_id": "00D5g000004SimA"}
		changed[change[0]] = change[1]
		if got := strings.Join(salesforce.System().Rebinds(old, changed), ","); got != want {
			t.Errorf("%v: got %q, want %q", change, got, want)
		}
	}
}
