package entra_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/errortabletest"
)

func TestErrorTable(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("errors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	errortabletest.Check(t, string(table), "testdata/vendor-codes.txt", office365.System(), dynamics365.System())
}

// responding returns the stand-in's app with one of the grants, and a token endpoint that has a fixed response.
func (b directory) responding(t *testing.T, authentication string, status int, body string) entra.Application {
	t.Helper()
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(endpoint.Close)
	a := b.application(t, authentication)
	a.Account.Settings[entra.AuthorityURL] = endpoint.URL
	return a
}

// Faults name the cause, the field that the error is about, and the step that fixes it.
func TestCausesOfErrors(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	for name, test := range map[string]struct {
		way     string
		word    string
		number  int
		fault   target.Code
		field   string // "-" for none
		certain bool
		help    string
	}{
		"wrong secret":     {bySecret, "invalid_client", 7000215, target.GivenCredentials, "client_secret", true, "Secret ID"},
		"expired secret":   {bySecret, "invalid_client", 7000222, target.GivenCredentials, "client_secret", true, "create a new"},
		"beside a refresh": {byRefresh, "invalid_client", 7000215, target.GivenCredentials, "client_secret", true, "Secret ID"},
		"revoked":          {byRefresh, "invalid_grant", 50173, target.GivenCredentials, "refresh_token", true, "sign in again"},
		"no refresh token": {byRefresh, "invalid_grant", 9002313, target.GivenCredentials, "refresh_token", false, "line breaks"},
		"malformed":        {bySecret, "invalid_request", 9002313, target.Misconfigured, "-", false, ""},
		"no enterprise application": {
			bySecret, "invalid_client", 7000229, target.Misconfigured, "client_id", false, "adminconsent",
		},
		"locked, or a blocked address": {byRefresh, "invalid_grant", 50053, target.GivenCredentials, "username", false, "blocked"},
		"second factor": {
			byRefresh, "interaction_required", 50076, target.GivenCredentials, "refresh_token", false, "multifactor",
		},
		"disabled app": {bySecret, "unauthorized_client", 7000112, target.InsufficientPermission, "client_id", false, "Enabled for"},
		"device":       {byRefresh, "invalid_grant", 50097, target.InsufficientPermission, "-", false, "Conditional Access"},
		"other cloud":  {bySecret, "invalid_request", 900439, target.Misconfigured, "authority_url", false, "microsoftonline.us"},
		"overloaded":   {bySecret, "temporarily_unavailable", 90006, target.SystemNotAvailable, "-", false, ""},

		"unknown number of a client": {
			bySecret, "invalid_client", 7999999, target.GivenCredentials, "client_id", false, "look it up at",
		},
		"unknown number of a grant":      {byRefresh, "invalid_grant", 7999999, target.GivenCredentials, "-", false, "look it up at"},
		"unknown number of a request":    {bySecret, "invalid_request", 7999999, target.Misconfigured, "-", false, ""},
		"unknown number of a permission": {bySecret, "access_denied", 7999999, target.InsufficientPermission, "client_id", false, ""},
	} {
		for shape, body := range map[string]string{
			"number in both": `{"error":%[1]q,"error_description":"AADSTS%[2]d: Rejected.","error_codes":[%[2]d]}`,
			"in the text":    `{"error":%[1]q,"error_description":"AADSTS%[2]d: Rejected."}`,
			"in the list":    `{"error":%[1]q,"error_description":"Rejected.","error_codes":[%[2]d]}`,
			"no text":        `{"error":%[1]q,"error_codes":[%[2]d]}`,
		} {
			fault := requireFault(t, b.responding(t, test.way, http.StatusUnauthorized, fmt.Sprintf(body, test.word, test.number)))
			field := fault.Field
			if fault.NoField {
				field = "-"
			}
			if fault.Code != test.fault || field != test.field || fault.Certain != test.certain ||
				!strings.Contains(fault.Hint, test.help) || !fault.Message.Contains(fmt.Sprintf("AADSTS%d", test.number)) {
				t.Errorf("%s, %s: got %+v with %q at %q, certain %t", name, shape, fault, fault.Hint, field, fault.Certain)
			}
		}
	}
}

// A system without users has no field for an error about one: its secrets are not to blame.
func TestErrorsAboutMissingFields(t *testing.T) {
	t.Parallel()
	b := start(t, nil)
	a := b.responding(t, byRefresh, http.StatusBadRequest, `{"error":"invalid_grant","error_codes":[50034]}`)
	a.Account.System.Fields = slices.DeleteFunc(a.Account.System.Fields, func(f target.Field) bool { return f.Name == "username" })
	if fault := requireFault(t, a); fault.Code != target.GivenCredentials || fault.Field != "" || !fault.NoField {
		t.Errorf("got %+v at %q", fault, fault.Field)
	}
}
