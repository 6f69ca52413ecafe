package netsuite

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// The hosts are NetSuite's (NetSuite help, "URLs for Account-Specific Domains"); only an account's name can become a part of
// them.
func TestEndpoints(t *testing.T) {
	t.Parallel()
	type want struct{ rest, tokens, field string }
	for id, w := range map[string]want{
		"1234567": {
			"https://1234567.suitetalk.api.netsuite.com", "https://1234567.restlets.api.netsuite.com", "account_id",
		},
		"1234567_SB1": {
			"https://1234567-sb1.suitetalk.api.netsuite.com", "https://1234567-sb1.restlets.api.netsuite.com", "account_id",
		},
		"TSTDRV1234567": {
			"https://tstdrv1234567.suitetalk.api.netsuite.com", "https://tstdrv1234567.restlets.api.netsuite.com", "account_id",
		},
	} {
		a := target.Account{System: System(), Settings: target.Settings{"account_id": id}}
		if rest, tokens, field := endpoints(a); w != (want{rest, tokens, field}) {
			t.Errorf("%s: got %s and %s from %s", id, rest, tokens, field)
		}
		a.Settings["api_url"] = "https://NetSuite.example.com:443/"
		if rest, tokens, field := endpoints(a); rest != "https://netsuite.example.com" || tokens != rest || field != "api_url" {
			t.Errorf("got %s and %s from %s", rest, tokens, field)
		}
	}
	for id, want := range map[string]string{"1234567-sb1": "1234567_SB1", "tstdrv1": "TSTDRV1", "1234567_SB1": "1234567_SB1"} {
		if got := realm(id); got != want {
			t.Errorf("the realm of %s is %s", id, got)
		}
	}
}

// Without api_url, the account id is the field to correct for an unknown host.
func TestUnknownHostNamesField(t *testing.T) {
	t.Parallel()
	s := &session{field: accountID}
	for _, code := range []target.Code{target.SystemNotAvailable, target.Misconfigured, target.GivenCredentials} {
		fault, _ := target.AsFault(s.withField(&target.Fault{Code: code}))
		if named := fault.Field == accountID; named == (code == target.GivenCredentials) {
			t.Errorf("%s has the field %q", code, fault.Field)
		}
	}
}
