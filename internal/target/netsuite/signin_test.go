package netsuite_test

import (
	"cmp"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/dghubble/oauth1"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// The example of NetSuite's help, "The Signature for Web Services and RESTlets", with the signer of this package.
func TestDocumentedSignature(t *testing.T) {
	t.Parallel()
	signer := oauth1.HMAC256Signer{ConsumerSecret: "d26ad321a4b2f23b0741c8d38392ce01c3e23e109df6c96eac6d099e9ab9e8b5"}
	base := "GET&" + url.QueryEscape("https://123456.suitetalk.api.netsuite.com/services/rest/record/v1/employee/40") + "&" +
		url.QueryEscape("oauth_consumer_key=ef40afdd8abaac111b13825dd5e5e2ddddb44f86d5a0dd6dcf38c20aae6b67e4"+
			"&oauth_nonce=fjaLirsIcCGVZWzBX0pg&oauth_signature_method=HMAC-SHA256&oauth_timestamp=1508242306"+
			"&oauth_token=2b0ce516420110bcbd36b69e99196d1b7f6de3c6234c5afb799b73d87569f5cc&oauth_version=1.0")
	got, err := signer.Sign("c29a677df7d5439a458c063654187e3d678d73aca8e3c9d8bea1478a3eb0d295", base)
	if err != nil || got != "B5OIWznZ2YP0OB7VrJrGkYsTh+8H+5T9Hag+o92q0zY=" {
		t.Errorf("got %s, %v", got, err)
	}
}

// Both secrets sign every request, and neither is ever sent.
func TestSecretsAreNeverSent(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequirePass(t, account(server), target.Calendar, "ada@example.com")
	nonces := map[string]bool{}
	for _, request := range server.Requests() {
		header := request.Header.Get("Authorization")
		seen := header + request.Path + request.Query + string(request.Body)
		for _, secret := range []string{consumerSecret, tokenSecret} {
			if strings.Contains(seen, secret) || strings.Contains(seen, oauth1.PercentEncode(secret)) {
				t.Errorf("%s contains a secret", request.Path)
			}
		}
		_, nonce, _ := strings.Cut(header, `oauth_nonce="`)
		nonce, _, _ = strings.Cut(nonce, `"`)
		if nonces[nonce] || len(nonce) != 64 || !strings.Contains(header, `realm="1234567_SB1"`) {
			t.Errorf("%s: %s", request.Path, header)
		}
		nonces[nonce] = true
	}
	for _, name := range []string{"consumer_secret", "token_secret"} {
		server.Forget()
		a := account(server)
		a.Credentials[name] = "another"
		if fault := conformance.RequireFault(t, a, target.General, ""); fault.Code != target.GivenCredentials ||
			server.SignIns().Attempts != 1 {
			t.Errorf("another %s: got %+v in %d attempts", name, fault, server.SignIns().Attempts)
		}
	}
}

func TestAccountIDs(t *testing.T) {
	t.Parallel()
	system := netsuite.System()
	field, _ := system.Field("account_id")
	for _, bad := range []string{"1234567.evil.example.com", "1234567/", "a@b", "1234567_SB1_x", "_SB1", "1234567-", "ä"} {
		if field.Check(bad, target.Network{}) == nil {
			t.Errorf("%q is accepted", bad)
		}
	}
	settings := func(change target.Settings) target.Settings {
		all := target.Settings{"account_id": "1234567_SB1", "consumer_key": "k", "token_id": "t", "username": "Riva Sync"}
		maps.Copy(all, change)
		return all
	}
	for name, change := range map[string]target.Settings{
		"":             {"account_id": "1234567-sb1", "username": "riva SYNC"},
		"account_id":   {"account_id": "1234567_SB2"},
		"consumer_key": {"consumer_key": "l"},
		"token_id":     {"token_id": "u"},
		"username":     {"username": "Grace Hopper"},
		"api_url":      {"api_url": "https://x.example.com"},
	} {
		if got := strings.Join(system.Rebinds(settings(nil), settings(change)), " "); got != name {
			t.Errorf("a change of %q rebinds %q", name, got)
		}
	}
}

// serve is an account of a server that returns a text for one path, and normal responses for the others.
func serve(t *testing.T, path, text string) target.Account {
	t.Helper()
	texts := map[string]string{"/rest/tokeninfo": `{"companyId":"1234567_SB1"}`}
	texts[path] = text
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, cmp.Or(texts[r.URL.Path], `{"items":[]}`))
	}))
	t.Cleanup(server.Close)
	a := account(start(t, sandbox.Options{}))
	a.Settings["api_url"] = server.URL + "/"
	return a
}

func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	const (
		contact = "/services/rest/record/v1/contact"
		catalog = "/services/rest/record/v1/metadata-catalog"
		token   = "/rest/tokeninfo"
	)
	for name, tc := range map[string]struct {
		path, text string
		test       target.Test
		want       target.Code
		message    string
	}{
		"records: a list":      {contact, `[]`, target.General, target.Misconfigured, "of an unexpected form"},
		"records: half":        {contact, `{"items":[`, target.General, target.SystemNotAvailable, "incomplete"},
		"token: nothing":       {token, `{}`, target.General, target.Misconfigured, "the account of the token"},
		"token: a list":        {token, `{"companyId":[1]}`, target.General, target.Misconfigured, "of an unexpected form"},
		"token: elsewhere":     {token, `{"companyId":7654321}`, target.General, target.WrongIdentity, "7654321"},
		"catalog: empty":       {catalog, `{"items":[]}`, target.Metadata, target.Misconfigured, "is empty"},
		"catalog: without one": {catalog, `{"items":[{}]}`, target.Metadata, target.Misconfigured, "without a name"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := conformance.RequireFault(t, serve(t, tc.path, tc.text), tc.test, "")
			if got.Code != tc.want || !got.Message.Contains(tc.message) {
				t.Errorf("got %s (%s), want %s with %q", got.Code, got.Message, tc.want, tc.message)
			}
		})
	}
}

// The reason for a rejected sign-in is in one of the challenges; a gateway can add others before it.
func TestReasonInSecondChallenge(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Add("WWW-Authenticate", `Bearer realm="gateway", error="invalid_token"`)
		w.Header().Add("WWW-Authenticate", `OAuth realm="1234567_SB1", error="consumer_key_unknown"`)
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	a := account(start(t, sandbox.Options{}))
	a.Settings["api_url"] = server.URL
	got := conformance.RequireFault(t, a, target.General, "")
	if got.Code != target.GivenCredentials || got.Field != "consumer_key" || !got.Message.Contains("(consumer_key_unknown)") {
		t.Errorf("got %+v", got)
	}
}
