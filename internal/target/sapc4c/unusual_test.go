package sapc4c_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// Invalid responses are faults, and valid but unusual ones are accepted.
func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	const (
		sets   = `{"d":{"EntitySets":["ContactCollection","BusinessUserCollection"]}}`
		locked = `{"d":{"results":[{"UserID":"_RIVASYNC","UserLockedIndicator":true}]}}`
		early  = `{"d":{"results":[{"UserID":"ADA","EmailURI":"ada@example.com","UserValidityStartDate":"/Date(253402214400000)/"}]}}`
		badEnd = `{"d":{"results":[{"UserID":"ADA","EmailURI":"ada@example.com","UserValidityEndDate":"tomorrow",` +
			`"UserValidityStartDate":null}]}}`
		others = `{"d":{"results":[{"UserID":"GRACE","EmailURI":"grace@example.com","UserLockedIndicator":true}]}}`
		known  = `{"d":{"results":[{"UserID":"GRACE","EmailURI":"grace@example.com"}]}}`
		inXML  = `<?xml version="1.0"?><error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">` +
			`<code>SY/530</code><message xml:lang="en">A short dump</message></error>`
	)
	for name, tc := range map[string]struct {
		responses map[string]string
		status    int
		test      target.Test
		user      string
		code      target.Code
		message   string
	}{
		"no collections": {
			map[string]string{"": `{"d":{}}`}, 200, target.General, "", target.Misconfigured, "no collections",
		},
		"no object": {map[string]string{"": `[]`}, 200, target.General, "", target.Misconfigured, "an unexpected form"},
		"Atom": {
			map[string]string{"": `<app:service/>`}, 200, target.General, "", target.Misconfigured, "not JSON",
		},
		"no results": {
			map[string]string{"BusinessUserCollection": `{"d":{}}`}, 200, target.General, "", target.Misconfigured, "results",
		},
		"no contacts": {
			map[string]string{"ContactCollection": `{}`}, 200, target.Contacts, "", target.Misconfigured, "results",
		},
		"lacking collection": {nil, 200, target.Mail, "", target.Misconfigured, "EMailCollection"},
		"locked all the same": {
			map[string]string{"BusinessUserCollection": locked}, 200, target.General, "", target.GivenCredentials, "is locked",
		},
		"not yet valid": {
			map[string]string{"BusinessUserCollection": early}, 200, target.General, "ada@example.com", target.UserNotFound, "from 9999",
		},
		"unknown form of date": {
			map[string]string{"BusinessUserCollection": badEnd}, 200, target.General, "ada@example.com", "", "ADA",
		},
		"another user than requested": {
			map[string]string{"BusinessUserCollection": others}, 200, target.General, "", "", "technical user",
		},
		"another address than requested": {
			map[string]string{"BusinessUserCollection": known}, 200, target.General, "ada@example.com", target.UserNotFound, "No business",
		},
		"no business users": {
			map[string]string{"": `{"d":{"EntitySets":["ContactCollection"]}}`}, 200, target.General, "", target.Misconfigured,
			"no collection BusinessUserCollection",
		},
		"no metadata": {
			map[string]string{"$metadata": `<wsdl/>`}, 200, target.Metadata, "", target.Misconfigured, "description",
		},
		"failure in XML": {
			map[string]string{"": inXML}, 500, target.General, "", target.SystemNotAvailable, "A short dump (SY/530)",
		},
		"failure without a text": {
			map[string]string{"": `{"error":{}}`}, 400, target.General, "", target.Misconfigured, "HTTP 400",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			responses := map[string]string{"": sets, "BusinessUserCollection": `{"d":{"results":[]}}`}
			maps.Copy(responses, tc.responses)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(tc.status)
				_, _ = w.Write([]byte(responses[strings.TrimPrefix(r.URL.Path, "/sap/c4c/odata/v1/c4codataapi/")]))
			}))
			defer server.Close()
			a := target.Account{
				System: sapc4c.System(), Settings: target.Settings{"url": server.URL, "username": "_RIVASYNC"},
				Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
			}
			conformance.RequireMessage(t, a, tc.test, tc.user, tc.code, tc.message)
		})
	}
}
