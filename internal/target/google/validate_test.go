package google_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// keyFile is a changed key file of Google; nil removes a member.
func keyFile(t *testing.T, change map[string]any) string {
	t.Helper()
	seed, err := sandbox.NewSeed()
	if err != nil {
		t.Fatal(err)
	}
	file := map[string]any{
		"type": "service_account", "client_email": seed.ServiceAccount.Email, "private_key": seed.ServiceAccount.PrivateKey,
		"client_id": "1", "private_key_id": "2", "token_uri": sandbox.Audience,
	}
	maps.Copy(file, change)
	maps.DeleteFunc(file, func(_ string, v any) bool { return v == nil })
	text, err := json.Marshal(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestValidate(t *testing.T) {
	t.Parallel()
	const own = "https://oauth2.example.com/token"
	key := func(change map[string]any) target.Credentials {
		return target.Credentials{"service_account_key": keyFile(t, change)}
	}
	at := func(tokenURL string) target.Settings { return target.Settings{"token_url": tokenURL} }
	elsewhere := map[string]any{"token_uri": "https://canary.example.net/token"}
	for name, test := range map[string]struct {
		settings       target.Settings
		credentials    target.Credentials
		field, message string // of the error; empty for none
	}{
		"key":                 {nil, key(nil), "", ""},
		"old key":             {nil, key(map[string]any{"token_uri": "https://accounts.google.com/o/oauth2/token"}), "", ""},
		"key without address": {at(own), key(map[string]any{"token_uri": nil}), "", ""},
		"key of Google, own endpoint": {
			at(own), key(nil), "", "",
		},
		"key of the own endpoint":       {at(own + "/"), key(map[string]any{"token_uri": own}), "", ""},
		"key of elsewhere":              {nil, key(elsewhere), "service_account_key", "neither Google's nor token_url"},
		"key of elsewhere, own address": {at(own), key(elsewhere), "service_account_key", own},
		"key of the own endpoint, at Google": {
			nil, key(map[string]any{"token_uri": own}), "service_account_key", sandbox.Audience,
		},
		"another kind of key": {nil, key(map[string]any{"type": "authorized_user"}), "service_account_key", "service account"},
		"client file": {
			nil, target.Credentials{"service_account_key": `{"installed":{"client_id":"x"}}`}, "service_account_key", "service account",
		},
		"list":            {nil, target.Credentials{"service_account_key": `[]`}, "service_account_key", "service account"},
		"no JSON":         {nil, target.Credentials{"service_account_key": `canary`}, "service_account_key", "JSON document"},
		"invalid address": {nil, key(map[string]any{"client_email": nil}), "service_account_key", "client_email is missing"},
		"odd address":     {nil, key(map[string]any{"client_email": "x"}), "service_account_key", "client_email is not an address"},
		"no private key":  {nil, key(map[string]any{"private_key": nil}), "service_account_key", "private_key is missing"},
		"odd private key": {nil, key(map[string]any{"private_key": "canary"}), "service_account_key", "a private_key that must be"},
		"key of a curve":  {nil, key(map[string]any{"private_key": conformance.CurveKey(t)}), "service_account_key", "RSA private key"},
		"refresh token":   {target.Settings{"client_id": "x"}, target.Credentials{"client_secret": "x", "refresh_token": "x"}, "", ""},
		"no client secret": {
			target.Settings{"client_id": "x"}, target.Credentials{"refresh_token": "x"}, "client_secret", "also require",
		},
		"no client id": {nil, target.Credentials{"client_secret": "x", "refresh_token": "x"}, "client_id", "also require"},
		"both": {
			target.Settings{"client_id": "x"}, target.Credentials{"service_account_key": keyFile(t, nil), "refresh_token": "x"},
			"service_account_key", "cannot be combined",
		},
		"APIs over http": {target.Settings{"api_url": "http://gmail.googleapis.com"}, nil, "api_url", "https://"},
		"admin":          {target.Settings{"admin_email": "riva"}, nil, "admin_email", "one email address"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := target.Settings{"admin_email": "riva@example.com"}
			maps.Copy(settings, test.settings)
			fieldErrs := google.System().Validate(settings, test.credentials, target.Network{})
			if test.message == "" {
				if len(fieldErrs) != 0 {
					t.Fatalf("got %v", fieldErrs)
				}
				return
			}
			if len(fieldErrs) != 1 || fieldErrs[0].Field != test.field || !strings.Contains(fieldErrs[0].Message, test.message) {
				t.Fatalf("got %v, want an error about %s with %q", fieldErrs, test.field, test.message)
			}
			if strings.Contains(fieldErrs[0].Message, "canary") || strings.Contains(fieldErrs[0].Message, "MII") {
				t.Errorf("it contains the secret: %s", fieldErrs[0].Message)
			}
		})
	}
}

// In a plan, an unknown address is not checked.
func TestUnknownAddressIsNotChecked(t *testing.T) {
	t.Parallel()
	file := keyFile(t, map[string]any{"token_uri": "https://oauth2.example.com/token"})
	if _, err := google.System().Grant(
		target.Settings{"token_url": "known after apply"}, target.Credentials{"service_account_key": file}); err != nil {
		t.Error(err)
	}
}

// Which changes require the credentials again.
func TestBinding(t *testing.T) {
	t.Parallel()
	for change, want := range map[[2]string]string{
		{"admin_email", "RIVA@example.com"}:                   "",
		{"admin_email", "ada@example.com"}:                    "admin_email",
		{"token_url", "https://OAUTH2.googleapis.com/token/"}: "",
		{"token_url", "https://oauth2.example.com/token"}:     "token_url",
		{"api_url", "https://google.example.com"}:             "api_url",
		{"client_id", "b"}:                                    "client_id",
		{"ca_certificate", "-----BEGIN CERTIFICATE---"}:       "",
	} {
		old := target.Settings{"admin_email": "riva@example.com", "client_id": "a"}
		changed := maps.Clone(old)
		changed[change[0]] = change[1]
		if got := strings.Join(google.System().Rebinds(old, changed), ","); got != want {
			t.Errorf("%v: got %q, want %q", change, got, want)
		}
	}
}
