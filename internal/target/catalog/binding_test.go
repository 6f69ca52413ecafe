package catalog_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// unbound are the settings that decide neither to whom nor how credentials are shown, with the reason. Every other setting
// must bind them.
func unbound() map[string]string {
	const identity = "only compared with who signed in"
	return map[string]string{
		"exchange.access":             "how the account acts for users after the sign-in",
		"exchange.mailbox":            identity,
		"hcl_notes.organization_id":   identity,
		"dynamics365.organization_id": identity,
		"salesforce.organization_id":  identity,
		"office365.validation_email":  "which mailbox tests read, and compared with who signed in",
		"office365.api":               "which of two addresses is called; both bind",
		"google.authorize_url":        "only the browser of a person is sent there, without anything that is stored",
		"sugarcrm.platform":           "sent to the same address for the same user",
	}
}

// A migration must seal stored credentials again when this list changes: a setting that binds is part of what they are sealed
// with. The settings with a star bind in one direction.
func bound() map[string]string {
	return map[string]string{
		"dynamics365":          "url tenant_id client_id authority_url ca_certificate*",
		"exchange":             "ews_url owa_url username authentication* ca_certificate*",
		"google":               "admin_email client_id token_url api_url ca_certificate*",
		"hcl_notes":            "url username authentication* ca_certificate*",
		"netsuite":             "account_id consumer_key token_id username api_url ca_certificate*",
		"office365":            "tenant_id client_id username authority_url graph_url ews_url ca_certificate*",
		"oracle_crm_on_demand": "url username ca_certificate*",
		"salesforce":           "username login_url client_id ca_certificate*",
		"sap_c4c":              "url username ca_certificate*",
		"sugarcrm":             "url username ca_certificate*",
		"suitecrm":             "url client_id username ca_certificate*",
	}
}

func TestEverySettingBindsOrHasAReason(t *testing.T) {
	t.Parallel()
	reasons := unbound()
	for _, s := range catalog.All() {
		var binding []string
		for _, f := range s.Settings() {
			name := s.Name + "." + f.Name
			switch _, free := reasons[name]; {
			case f.Binds && f.Weakens != nil:
				t.Errorf("%s binds in both directions and in one", name)
			case f.BindsCredentials() == free:
				t.Errorf("%s binds: %t, and has a reason not to: %t", name, f.BindsCredentials(), free)
			case f.Weakens != nil:
				binding = append(binding, f.Name+"*")
			case f.Binds:
				binding = append(binding, f.Name)
			}
			delete(reasons, name)
		}
		if got := strings.Join(binding, " "); got != bound()[s.Name] {
			t.Errorf("%s: credentials are bound to %q, want %q", s.Name, got, bound()[s.Name])
		}
	}
	for name := range reasons {
		t.Errorf("%s does not exist", name)
	}
}

// Trusted certificates and authentication schemes decide to whom and how a secret is shown, whatever the field is called.
func TestTrustAndSchemesBind(t *testing.T) {
	t.Parallel()
	schemes := []string{"basic", "digest", "ntlm", "negotiate", "kerberos", "session", "certificate", "bearer"}
	forEach(t, func(t *testing.T, s *target.System) {
		for _, f := range s.Settings() {
			hasSchemes := slices.ContainsFunc(f.Allowed, func(value string) bool { return slices.Contains(schemes, value) })
			if (f.Type == target.Certificates || hasSchemes || f.Name == "authentication") && !f.BindsCredentials() {
				t.Errorf("%s names who is trusted, or how to sign in, and does not bind the credentials", f.Name)
			}
		}
	})
}

// In every system, a new authority requires the credentials, and removing one does not.
func TestAuthorityBindsInOneDirection(t *testing.T) {
	t.Parallel()
	one, _ := pemtest.Pair(t, "one", time.Now().Add(time.Hour))
	two, _ := pemtest.Pair(t, "two", time.Now().Add(time.Hour))
	forEach(t, func(t *testing.T, s *target.System) {
		trusting := func(certificates string) target.Settings {
			given, _ := required(s, nil)
			if certificates != "" {
				given[target.CACertificate] = certificates
			}
			return given
		}
		for _, c := range []struct {
			before, after string
			required      bool
		}{
			{"", one, true}, {one, one + two, true}, {one, two, true},
			{one + two, two, false}, {one, "", false}, {one + two, two + one, false},
		} {
			got := s.Rebinds(trusting(c.before), trusting(c.after))
			if c.required != slices.Equal(got, []string{target.CACertificate}) || !c.required && len(got) > 0 {
				t.Errorf("from %d to %d bytes: %v", len(c.before), len(c.after), got)
			}
		}
	})
}
