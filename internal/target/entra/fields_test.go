package entra_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
)

func TestFields(t *testing.T) {
	t.Parallel()
	const id = "00001111-aaaa-2222-bbbb-3333cccc4444"
	fields := map[string]target.Field{
		entra.TenantID: entra.TenantField(), entra.ClientID: entra.ClientField(), entra.AuthorityURL: entra.AuthorityField(),
	}
	for _, test := range []struct{ field, value, message string }{
		{entra.TenantID, id, ""},
		{entra.TenantID, strings.ToUpper(id), ""},
		{entra.TenantID, "example.onmicrosoft.com", ""},
		{entra.TenantID, "example-2.co.uk", ""},
		{entra.TenantID, "common", "means many"},
		{entra.TenantID, "Organizations", "means many"},
		{entra.TenantID, "consumers", "means many"},
		{entra.TenantID, "example", "verified domains"},
		{entra.TenantID, "../example.com", "verified domains"},
		{entra.TenantID, "https://example.com", "verified domains"},
		{entra.TenantID, strings.Repeat("a.", 200) + "com", "verified domains"},
		{entra.ClientID, id, ""},
		{entra.ClientID, "riva", "an id such as"},
		{entra.ClientID, id + "/", "an id such as"},
		{entra.AuthorityURL, "https://login.microsoftonline.us", ""},
		{entra.AuthorityURL, "https://login.microsoftonline.us/", ""},
		{entra.AuthorityURL, "https://login.microsoftonline.com/common", "must have no path"},
		{entra.AuthorityURL, "http://login.microsoftonline.com", "https://"},
	} {
		err := fields[test.field].Check(test.value, target.Network{})
		if (err == nil) != (test.message == "") || err != nil && !strings.Contains(err.Error(), test.message) {
			t.Errorf("%s = %s: got %v", test.field, test.value, err)
		}
	}
}

// Two spellings of the same tenant and app are equal; another sign-in address is not.
func TestBinding(t *testing.T) {
	t.Parallel()
	s := system()
	old := target.Settings{"tenant_id": "example.com", "client_id": "00001111-aaaa-2222-bbbb-3333cccc4444"}
	same := target.Settings{
		"tenant_id": "Example.com", "client_id": "00001111-AAAA-2222-BBBB-3333CCCC4444",
		"authority_url": "https://Login.microsoftonline.com/",
	}
	if got := s.Rebinds(old, same); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	other := target.Settings{"tenant_id": "example.org", "client_id": "x", "authority_url": "https://login.microsoftonline.us"}
	if got := s.Rebinds(old, other); len(got) != 3 {
		t.Errorf("got %v", got)
	}
}

// A mismatched key and certificate, or an unsupported type of key, is rejected before a call.
func TestKeyPairs(t *testing.T) {
	t.Parallel()
	first, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	second, err := sandboxcore.NewKeyPair(time.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	curve := curvePair(t)
	settings := target.Settings{"tenant_id": "example.com", "client_id": "00001111-aaaa-2222-bbbb-3333cccc4444"}
	for name, test := range map[string]struct{ certificate, key, message string }{
		"a pair":                   {first.Certificate, first.PrivateKey, ""},
		"a pair with its issuer":   {first.Certificate + second.Certificate, first.PrivateKey, ""},
		"issuer first":             {second.Certificate + first.Certificate, first.PrivateKey, "does not belong"},
		"two pairs":                {first.Certificate, second.PrivateKey, "does not belong"},
		"no RSA certificate":       {curve.Certificate, first.PrivateKey, "have an RSA key"},
		"no RSA key":               {first.Certificate, curve.PrivateKey, "must be an RSA private key"},
		"a key without":            {"", first.PrivateKey, "also requires certificate"},
		"something as certificate": {"x", first.PrivateKey, "certificates in PEM form"},
		"something as key":         {first.Certificate, "x", "private key in PEM form"},
	} {
		given := target.Credentials{}
		for field, value := range map[string]string{entra.Certificate: test.certificate, entra.PrivateKey: test.key} {
			if value != "" {
				given[field] = value
			}
		}
		fieldErrs := system().Validate(settings, given, target.Network{})
		if test.message == "" {
			if len(fieldErrs) != 0 {
				t.Errorf("%s: got %v", name, fieldErrs)
			}
			continue
		}
		if len(fieldErrs) != 1 || !fieldErrs[0].Secret || !strings.Contains(fieldErrs[0].Message, test.message) {
			t.Errorf("%s: got %v", name, fieldErrs)
		}
	}
	// An unknown value does not fail a plan.
	later := target.Credentials{entra.Certificate: first.Certificate, entra.PrivateKey: "later"}
	if err := entra.CheckKeyPair(nil, later); err != nil {
		t.Error(err)
	}
}

// curvePair makes a pair with another type of key.
func curvePair(t *testing.T) sandbox.KeyPair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	encode := func(kind string, der []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
	}
	return sandbox.KeyPair{PrivateKey: encode("PRIVATE KEY", private), Certificate: encode("CERTIFICATE", der)}
}
