package google

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

func FuzzParseError(f *testing.F) { fuzztest.Responses(f, parseError) }

// A key file either is complete, or the error has nothing of it.
func FuzzParseKey(f *testing.F) {
	for _, file := range []string{
		"", "{}", "null", `{"type":"service_account"}`, `{"type":"authorized_user","client_secret":"` + fuzztest.Canary + `"}`,
		`{"type":"service_account","client_email":"a@example.com","private_key":"` + fuzztest.Canary + `"}`,
		`{"type":"service_account","client_email":"` + fuzztest.Canary + `","private_key":"-----BEGIN PRIVATE KEY-----"}`,
		`{"type":["` + fuzztest.Canary + `"]}`,
	} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file string) {
		k, err := parseKey(file)
		if err == nil && (k.Type != "service_account" || k.ClientEmail == "" || k.PrivateKey == "") {
			t.Errorf("took %q", file)
		}
		if err != nil {
			fuzztest.Check(t, "the error", err.Error(), 500)
		}
		if err := checkKey(file); err != nil {
			fuzztest.Check(t, "the error", err.Error(), 500)
		}
		if id := k.numericID(); err == nil && len(id) > len(k.ClientEmail)+30 {
			t.Errorf("the id is %q", id)
		}
	})
}
