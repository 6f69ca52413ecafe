package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

var word = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// each runs a test for every system of the catalog.
func each(t *testing.T, test func(*testing.T, *target.System)) {
	t.Helper()
	for _, system := range catalog.All() {
		t.Run(system.Name, func(t *testing.T) {
			t.Parallel()
			test(t, system)
		})
	}
}

func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, system := range catalog.All() {
		if !word.MatchString(system.Name) || seen[system.Name] {
			t.Errorf("the name %q is taken or no identifier", system.Name)
		}
		seen[system.Name] = true
	}
}

func TestDeclarationsAreComplete(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		if s.Title == "" || s.Description == "" || s.SignIn == nil || s.Expected == nil {
			t.Error("title, description, sign-in or expected identity is missing")
		}
		if s.Kind != target.CRM && s.Kind != target.Email {
			t.Errorf("kind %q", s.Kind)
		}
		if !s.Offers(target.General) || !s.Offers(s.UserTest) {
			t.Errorf("the tests %v lack general or %q, the test for each user", s.Tests, s.UserTest)
		}
		for _, code := range target.Codes() {
			if len(s.Help[code]) == 0 || slices.Contains(s.Help[code], "") {
				t.Errorf("no help for %s", code)
			}
			if code.Title() == string(code) {
				t.Errorf("no title for %s", code)
			}
		}
		if len(s.Help) != len(target.Codes()) {
			t.Error("help for a fault that does not exist")
		}
	})
}

func TestFieldsAreConsistent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		seen := map[string]bool{}
		for _, f := range s.Fields {
			if !word.MatchString(f.Name) || seen[f.Name] {
				t.Errorf("the field name %q is taken or no identifier", f.Name)
			}
			seen[f.Name] = true
			if !isProse(f.Help) {
				t.Errorf("%s has no help, or none that ends as a sentence does: %q", f.Name, f.Help)
			}
			if f.Secret && (f.Required || f.Binds || f.Default != "" || f.Canonical != nil) {
				t.Errorf("%s is a secret that is required, binds, has a default or a canonical form", f.Name)
			}
			if f.Type == target.PrivateKey && !f.Secret {
				t.Errorf("%s is a private key that is no secret", f.Name)
			}
			if f.Required && f.Default != "" {
				t.Errorf("%s is required and has a default", f.Name)
			}
			if err := f.Check(f.Default, target.Network{}); f.Default != "" && err != nil {
				t.Errorf("the default of %s: %v", f.Name, err)
			}
			for value, why := range f.Deprecated {
				if !slices.Contains(f.Allowed, value) || !strings.Contains(why, f.Name) || !isProse(why) || value == f.Default {
					t.Errorf("%s: the deprecated value %q is not allowed, is the default, or is not told about: %q", f.Name, value, why)
				}
			}
		}
	})
}

// isProse tells text for people, which ends as a sentence does.
func isProse(text string) bool {
	return strings.HasSuffix(text, ".") && strings.TrimSpace(text) == text
}

// Credentials belong to where, and as whom, they are used. Names that several systems have mean the same in all of them.
func TestCredentialsAreBound(t *testing.T) {
	t.Parallel()
	whom := []string{
		"username", "tenant_id", "account_id", "client_id", "admin_email", "consumer_key", "token_id",
	}
	each(t, func(t *testing.T, s *target.System) {
		address := false
		for _, f := range s.Settings() {
			address = address || f.Type == target.URL
			if (f.Type == target.URL || slices.Contains(whom, f.Name)) && !f.Binds {
				t.Errorf("%s says where or as whom the credentials are used, and does not bind them", f.Name)
			}
		}
		if !address {
			t.Error("no field is an address, so nothing can point the system elsewhere")
		}
		trusted, ok := s.Field(target.CACertificate)
		if !ok || trusted.Type != target.Certificates || trusted.Secret || trusted.Required || trusted.Binds {
			t.Errorf("%s is missing, or more than an optional setting with certificates", target.CACertificate)
		}
	})
}

func TestTestsAreConsistent(t *testing.T) {
	t.Parallel()
	known := []target.Test{
		target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail, target.Metadata,
	}
	each(t, func(t *testing.T, s *target.System) {
		for i, test := range s.Tests {
			if !slices.Contains(known, test) || slices.Contains(s.Tests[:i], test) {
				t.Errorf("the test %q is unknown or declared twice", test)
			}
		}
		if s.UserTest == target.Metadata {
			t.Error("the test for each user is not about a user")
		}
		if s.Offers(target.Metadata) && s.Kind != target.CRM {
			t.Error("metadata is read of CRMs only")
		}
	})
}

// A connection that is re-validated signs in with tokens or signatures, not with a password that somebody rotates.
func TestOnlyOAuthIsRevalidated(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		withPassword := func(g target.Grant) bool { return slices.Contains(g.Secrets, "password") }
		if s.Revalidates && slices.ContainsFunc(s.Grants, withPassword) {
			t.Error("it is re-validated and signs in with a password")
		}
		if _, ok := s.Field("refresh_token"); ok && !s.Revalidates {
			t.Error("it has a refresh token and is not re-validated")
		}
	})
}

func TestExpectedIdentityNamesItsField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		settings := target.Settings{}
		for _, f := range s.Settings() {
			settings[f.Name] = sample(f)
		}
		want := s.Expected(target.Account{System: s, Settings: settings})
		f, ok := s.Field(want.OrganizationField)
		if want.OrganizationID != "" && (!ok || f.Secret) || want.OrganizationID == "" && want.OrganizationField != "" {
			t.Errorf("the field of the expected organization %q is %q", want.OrganizationID, want.OrganizationField)
		}
	})
}

func TestFaultsNameFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		for _, code := range []target.Code{
			target.SystemNotAvailable, target.GivenCredentials, target.WrongIdentity, target.Misconfigured,
		} {
			if !slices.ContainsFunc(s.Fields, func(f target.Field) bool { return slices.Contains(f.Fixes, code) }) {
				t.Errorf("no field mends %s", code)
			}
		}
	})
}
