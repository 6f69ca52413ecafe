package catalog_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

var identifierPattern = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)

// forEach runs a test for every system of the catalog.
func forEach(t *testing.T, test func(*testing.T, *target.System)) {
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
		if !identifierPattern.MatchString(system.Name) || seen[system.Name] {
			t.Errorf("the name %q is duplicate or not an identifier", system.Name)
		}
		seen[system.Name] = true
	}
}

func TestDeclarationsAreComplete(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
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
			t.Error("help for an unknown fault")
		}
	})
}

func TestFieldsAreConsistent(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
		seen := map[string]bool{}
		for _, f := range s.Fields {
			if !identifierPattern.MatchString(f.Name) || seen[f.Name] {
				t.Errorf("the field name %q is duplicate or not an identifier", f.Name)
			}
			seen[f.Name] = true
			if !isSentence(f.Help) {
				t.Errorf("%s has no help, or it is not a sentence: %q", f.Name, f.Help)
			}
			if f.Secret && (f.Required || f.BindsCredentials() || f.Default != "" || f.Canonical != nil) {
				t.Errorf("%s is a secret that is required, binds, has a default or a canonical form", f.Name)
			}
			if f.Type == target.PrivateKey && !f.Secret {
				t.Errorf("%s is a private key but not a secret", f.Name)
			}
			if f.Required && f.Default != "" {
				t.Errorf("%s is required and has a default", f.Name)
			}
			if err := f.Check(f.Default, target.Network{}); f.Default != "" && err != nil {
				t.Errorf("the default of %s: %v", f.Name, err)
			}
			for value, why := range f.Deprecated {
				if !slices.Contains(f.Allowed, value) || !strings.Contains(why, f.Name) || !isSentence(why) || value == f.Default {
					t.Errorf("%s: the deprecated value %q is not allowed, is the default, or has no warning: %q", f.Name, value, why)
				}
			}
		}
	})
}

// isSentence reports whether a text ends like a sentence.
func isSentence(text string) bool {
	return strings.HasSuffix(text, ".") && strings.TrimSpace(text) == text
}

// Credentials are bound to the address and the user name. Field names mean the same in all systems.
func TestCredentialsAreBound(t *testing.T) {
	t.Parallel()
	users := []string{
		"username", "tenant_id", "account_id", "client_id", "admin_email", "consumer_key", "token_id",
	}
	forEach(t, func(t *testing.T, s *target.System) {
		address := false
		for _, f := range s.Settings() {
			address = address || f.Type == target.URL
			if f.Name == "authorize_url" { // where a browser is sent
				continue
			}
			if (f.Type == target.URL || slices.Contains(users, f.Name)) && !f.Binds {
				t.Errorf("%s is an address or a user name, and does not bind the credentials", f.Name)
			}
		}
		if !address {
			t.Error("no field is an address")
		}
		trusted, ok := s.Field(target.CACertificate)
		if !ok || trusted.Type != target.Certificates || trusted.Secret || trusted.Required {
			t.Errorf("%s is missing, or more than an optional setting with certificates", target.CACertificate)
		}
	})
}

func TestTestsAreConsistent(t *testing.T) {
	t.Parallel()
	known := []target.Test{
		target.General, target.Impersonation, target.Calendar, target.Contacts, target.Mail, target.Metadata,
	}
	forEach(t, func(t *testing.T, s *target.System) {
		for i, test := range s.Tests {
			if !slices.Contains(known, test) || slices.Contains(s.Tests[:i], test) {
				t.Errorf("the test %q is unknown or declared twice", test)
			}
		}
		if s.UserTest == target.Metadata {
			t.Error("the test for each user is not about a user")
		}
		if s.Offers(target.Metadata) && s.Kind != target.CRM {
			t.Error("only CRMs have metadata")
		}
	})
}

// A system offers the test Metadata if, and only if, it declares how to read the metadata.
func TestMetadataTestHasReader(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
		if s.Offers(target.Metadata) != (s.Metadata != nil) {
			t.Errorf("offers the test: %t, declares a reader: %t", s.Offers(target.Metadata), s.Metadata != nil)
		}
		if s.Metadata != nil && (s.Metadata.Objects == "" || s.Metadata.Read == nil) {
			t.Error("the reader has no name for the objects, or no function")
		}
	})
}

// A connection that is re-validated signs in with tokens or signatures, not with a password.
func TestOnlyOAuthIsRevalidated(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
		withPassword := func(g target.Grant) bool { return slices.Contains(g.Secrets, "password") }
		if s.Revalidates && slices.ContainsFunc(s.Grants, withPassword) {
			t.Error("it is re-validated and signs in with a password")
		}
		if _, ok := s.Field("refresh_token"); ok && !s.Revalidates {
			t.Error("it has a refresh token and is not re-validated")
		}
	})
}

func TestExpectedOrganizationHasAField(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
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

func TestEveryFaultHasAField(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
		for _, code := range []target.Code{
			target.SystemNotAvailable, target.GivenCredentials, target.WrongIdentity, target.Misconfigured,
		} {
			if !slices.ContainsFunc(s.Fields, func(f target.Field) bool { return slices.Contains(f.Fixes, code) }) {
				t.Errorf("no field fixes %s", code)
			}
		}
	})
}

// maxHelpWords limits what is between two stops of a step: people read it while something does not work.
const maxHelpWords = 30

func TestHelpIsShort(t *testing.T) {
	t.Parallel()
	stop := regexp.MustCompile(`[.;:!?](\s|$)`)
	forEach(t, func(t *testing.T, s *target.System) {
		for code, steps := range s.Help {
			for _, step := range steps {
				for _, part := range stop.Split(step, -1) {
					if words := len(strings.Fields(part)); words > maxHelpWords {
						t.Errorf("%s: %d words without a stop, want at most %d: %s", code, words, maxHelpWords, part)
					}
				}
			}
		}
	})
}
