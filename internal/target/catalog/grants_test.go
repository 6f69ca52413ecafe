package catalog_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"iter"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// sample returns a valid value of a setting, if it can be invented.
func sample(f target.Field) string {
	for _, value := range append(slices.Clone(f.Allowed),
		"https://system.example.com", "svc@example.com", "x", "01234567-89ab-cdef-0123-456789abcdef", "1234567",
	) {
		if f.Check(value, target.Network{}) == nil {
			return value
		}
	}
	return "x"
}

// completions are the settings with every combination of values of the optional fields.
func completions(given target.Settings, besides []target.Field) iter.Seq[target.Settings] {
	return func(yield func(target.Settings) bool) {
		if len(besides) == 0 {
			yield(given)
			return
		}
		f := besides[0]
		values := append([]string{""}, f.Allowed...)
		if len(f.Allowed) == 0 {
			values = append(values, sample(f))
		}
		for _, value := range values {
			next := maps.Clone(given)
			if value != "" {
				next[f.Name] = value
			}
			for completed := range completions(next, besides[1:]) {
				if !yield(completed) {
					return
				}
			}
		}
	}
}

// required returns the required settings, and the optional fields.
func required(s *target.System, more []string) (settings target.Settings, optional []target.Field) {
	settings = target.Settings{}
	for _, f := range s.Settings() {
		if f.Required || slices.Contains(more, f.Name) {
			settings[f.Name] = sample(f)
		} else {
			optional = append(optional, f)
		}
	}
	return settings, optional
}

// samples are secrets of each type; key and certificate are a pair.
func samples(t *testing.T) map[target.Type]string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return map[target.Type]string{
		target.String: "x", target.JSON: "{}", target.Certificates: encode("CERTIFICATE", der),
		target.PrivateKey: encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)),
	}
}

func TestGrantsAreConsistent(t *testing.T) {
	t.Parallel()
	secrets := samples(t)
	forEach(t, func(t *testing.T, s *target.System) {
		used := map[string]bool{}
		for _, g := range s.Grants {
			credentials := target.Credentials{}
			for _, name := range g.Secrets {
				if f, ok := s.Field(name); !ok || !f.Secret {
					t.Errorf("grant %s: %q is not a secret", g.Name, name)
				}
				f, _ := s.Field(name)
				used[name], credentials[name] = true, secrets[f.Type]
			}
			for _, name := range g.Optional {
				if f, ok := s.Field(name); !ok || !f.Secret || slices.Contains(g.Secrets, name) {
					t.Errorf("grant %s: %q is not an optional secret", g.Name, name)
				}
				used[name] = true
			}
			for _, name := range g.Settings {
				if f, ok := s.Field(name); !ok || f.Secret || f.Required {
					t.Errorf("grant %s: %q is not an optional setting", g.Name, name)
				}
			}
			if err := loopbackSettings(s, g, credentials); err != nil {
				t.Errorf("no settings make the grant %s valid: %v", g.Name, err)
			}
		}
		for _, f := range s.Secrets() {
			if !used[f.Name] {
				t.Errorf("no grant uses the secret %s", f.Name)
			}
		}
	})
}

// loopbackSettings searches for settings that make the grant valid with the credentials.
func loopbackSettings(s *target.System, g target.Grant, credentials target.Credentials) (err error) {
	given, optional := required(s, g.Settings)
	for settings := range completions(given, optional) {
		if s.Check != nil {
			if err = s.Check(settings); err != nil {
				continue
			}
		}
		found, grantErr := s.Grant(settings, credentials)
		if err = grantErr; err == nil && found.Name == g.Name {
			return nil
		}
		if err == nil {
			err = errors.New("they make the grant " + found.Name)
		}
	}
	return err
}

// Every error about settings names one of them.
func TestSettingsErrorsNameAField(t *testing.T) {
	t.Parallel()
	forEach(t, func(t *testing.T, s *target.System) {
		checks := map[string]func(target.Settings) error{}
		if s.Check != nil {
			checks["the system"] = s.Check
		}
		for _, g := range s.Grants {
			if g.CheckSettings != nil {
				checks["grant "+g.Name] = g.CheckSettings
			}
		}
		given, optional := required(s, nil)
		for who, check := range checks {
			for settings := range completions(given, optional) {
				err := check(settings)
				if err == nil {
					continue
				}
				fieldErr, ok := errors.AsType[target.FieldError](err)
				f, declared := s.Field(fieldErr.Field)
				if !ok || !declared || f.Secret != fieldErr.Secret || !strings.Contains(fieldErr.Message, f.Name) ||
					!isSentence(fieldErr.Message) {
					t.Errorf("%s rejects %v with %#v", who, settings, err)
					break
				}
			}
		}
	})
}
