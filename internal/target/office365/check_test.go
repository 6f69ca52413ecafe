package office365_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/office365"
)

func settings(changes target.Settings) target.Settings {
	s := target.Settings{
		"tenant_id": "example.onmicrosoft.com", "client_id": "00001111-aaaa-2222-bbbb-3333cccc4444",
		"validation_email": service,
	}
	maps.Copy(s, changes)
	return s
}

func TestInvalidSettings(t *testing.T) {
	t.Parallel()
	one, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
	requireNoError(t, err)
	other, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
	requireNoError(t, err)
	withSecret := target.Credentials{"client_secret": secret}
	for name, test := range map[string]struct {
		settings       target.Settings
		credentials    target.Credentials
		field, message string
	}{
		"many tenants": {settings(target.Settings{"tenant_id": "common"}), withSecret, "tenant_id", "many"},
		"client id":    {settings(target.Settings{"client_id": "riva"}), withSecret, "client_id", "id such as"},
		"other API":    {settings(target.Settings{"api": "imap"}), withSecret, "api", "one of"},
		"version in address": {
			settings(target.Settings{"graph_url": "https://graph.microsoft.com/v1.0"}), withSecret, "graph_url", "version",
		},
		"EWS address for Graph": {
			settings(target.Settings{"ews_url": "https://outlook.office365.com/EWS/Exchange.asmx"}), withSecret, "ews_url", `api = "ews"`,
		},
		"Graph address for EWS": {
			settings(target.Settings{"api": "ews", "graph_url": "https://graph.microsoft.us"}), withSecret, "graph_url", `api = "graph"`,
		},
		"user of an app": {settings(target.Settings{"username": ada}), withSecret, "username", "refresh_token"},
		"no secret":      {settings(nil), target.Credentials{"certificate": one.Certificate}, "private_key", "also require"},
		"two grants": {
			settings(nil), target.Credentials{"client_secret": secret, "private_key": one.PrivateKey}, "client_secret",
			"cannot be combined",
		},
		"key of another": {
			settings(nil), target.Credentials{"certificate": one.Certificate, "private_key": other.PrivateKey}, "private_key", "belong",
		},
		"refresh, no pair": {
			settings(nil), target.Credentials{"refresh_token": "r", "certificate": one.Certificate}, "private_key", "also require",
		},
	} {
		fieldErrs := office365.System().Validate(test.settings, test.credentials, target.Network{})
		if len(fieldErrs) != 1 || fieldErrs[0].Field != test.field || !strings.Contains(fieldErrs[0].Message, test.message) {
			t.Errorf("%s: got %+v", name, fieldErrs)
		}
	}
}

func TestValidSettings(t *testing.T) {
	t.Parallel()
	pair, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
	requireNoError(t, err)
	for name, test := range map[string]struct {
		settings    target.Settings
		credentials target.Credentials
	}{
		"secret":              {settings(nil), target.Credentials{"client_secret": secret}},
		"certificate":         {settings(nil), target.Credentials{"certificate": pair.Certificate, "private_key": pair.PrivateKey}},
		"refresh token alone": {settings(target.Settings{"username": ada}), target.Credentials{"refresh_token": "r"}},
		"refresh and certificate": {
			settings(nil), target.Credentials{"refresh_token": "r", "certificate": pair.Certificate, "private_key": pair.PrivateKey},
		},
		"gateway": {
			settings(target.Settings{"graph_url": "https://gateway.example.com/graph"}), target.Credentials{"client_secret": secret},
		},
	} {
		if fieldErrs := office365.System().Validate(test.settings, test.credentials, target.Network{}); fieldErrs != nil {
			t.Errorf("%s: got %+v", name, fieldErrs)
		}
	}
}

// A changed address could receive the secrets or the token.
func TestAddressesBindCredentials(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]string{
		"tenant_id": "example.org", "client_id": "99991111-aaaa-2222-bbbb-3333cccc4444", "username": ada,
		"authority_url": "https://login.example.org", "graph_url": "https://graph.example.org",
		"ews_url": "https://mail.example.org/ews",
	} {
		changed := settings(target.Settings{name: other})
		if got := office365.System().Rebinds(settings(nil), changed); len(got) != 1 || got[0] != name {
			t.Errorf("a change of %s rebinds %v", name, got)
		}
	}
	changed := settings(target.Settings{"api": "ews", "validation_email": ada})
	if got := office365.System().Rebinds(settings(nil), changed); got != nil {
		t.Errorf("a change of the API rebinds %v", got)
	}
}

func TestEWSIsDeprecated(t *testing.T) {
	t.Parallel()
	warn := func(s target.Settings) []target.Warning {
		return office365.System().Warnings(s, time.Time{}, time.Now())
	}
	if got := warn(settings(target.Settings{"api": "ews"})); len(got) != 1 || got[0].Field != "api" ||
		!strings.Contains(got[0].Message, "1 April 2027") {
		t.Errorf("got %+v", got)
	}
	if got := warn(settings(nil)); got != nil {
		t.Errorf("got %+v", got)
	}
}
