package catalog_test

import (
	"regexp"
	"slices"
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

func TestDeclarationsAreWhole(t *testing.T) {
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
		binds := false
		for _, f := range s.Fields {
			binds = binds || f.Binds
			if !word.MatchString(f.Name) || seen[f.Name] {
				t.Errorf("the field name %q is taken or no identifier", f.Name)
			}
			seen[f.Name] = true
			if f.Help == "" {
				t.Errorf("%s has no help", f.Name)
			}
			if f.Secret && (f.Required || f.Binds || f.Default != "") {
				t.Errorf("%s is a secret that is required, binds or has a default", f.Name)
			}
			if f.Required && f.Default != "" {
				t.Errorf("%s is required and has a default", f.Name)
			}
			if f.Default != "" {
				if err := f.Check(f.Default, target.Network{}); err != nil {
					t.Errorf("the default of %s: %v", f.Name, err)
				}
			}
		}
		if !binds {
			t.Error("no field says where the credentials belong")
		}
	})
}

func TestGrantsAreConsistent(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		used := map[string]bool{}
		for _, g := range s.Grants {
			settings, credentials := target.Settings{}, target.Credentials{}
			for _, f := range s.Settings() {
				if f.Type == target.URL {
					settings[f.Name] = "https://system.example.com" // a default need not suit every grant
				}
			}
			for _, name := range g.Secrets {
				if f, ok := s.Field(name); !ok || !f.Secret {
					t.Errorf("grant %s: %q is no secret", g.Name, name)
				}
				used[name], credentials[name] = true, "x"
			}
			for _, name := range g.Optional {
				if f, ok := s.Field(name); !ok || !f.Secret || slices.Contains(g.Secrets, name) {
					t.Errorf("grant %s: %q is no secret besides", g.Name, name)
				}
				used[name] = true
			}
			for _, name := range g.Settings {
				if f, ok := s.Field(name); !ok || f.Secret || f.Required {
					t.Errorf("grant %s: %q is no optional setting", g.Name, name)
				}
				settings[name] = "x"
			}
			if got, err := s.Grant(settings, credentials); err != nil || got.Name != g.Name {
				t.Errorf("what grant %s needs makes %q: %v", g.Name, got.Name, err)
			}
		}
		for _, f := range s.Secrets() {
			if !used[f.Name] {
				t.Errorf("no grant uses the secret %s", f.Name)
			}
		}
	})
}

func TestFaultsNameFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *target.System) {
		for _, code := range []target.Code{
			target.SystemNotAvailable, target.GivenCredentials, target.WrongIdentity, target.Misconfigured,
		} {
			if !slices.ContainsFunc(s.Fields, func(f target.Field) bool { return slices.Contains(f.Mends, code) }) {
				t.Errorf("no field mends %s", code)
			}
		}
	})
}
