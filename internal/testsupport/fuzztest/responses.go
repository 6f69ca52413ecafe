// Package fuzztest has what the fuzz targets of several packages share: responses of a hostile system as seeds, and the check
// that a text can be shown. Only tests import it.
package fuzztest

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Canary is a secret that hostile responses contain.
const Canary = "hunter2-canary-5PYJ"

// bodies are seeds: how systems report errors, and how hostile ones answer.
func bodies() []string {
	const text = `Failed for ` + Canary + `: %68unter2 \x68unter2 &#x68;unter2 =68unter2 aHVudGVyMi1jYW5hcnktNVBZSg==`
	return []string{
		"", "{}", "[]", "null", "\x00\xff\xfe", "{\"error\":", strings.Repeat("[", 1000), strings.Repeat("<a>", 1000),
		`{"error":"invalid_grant","error_description":"` + text + `"}`,
		`{"error":{"code":"x","message":"` + text + `","errors":[{"reason":"authError"}]}}`,
		`{"error":{"code":"x","message":{"lang":"en","value":"` + text + `"}}}`,
		`[{"errorCode":"INVALID_SESSION_ID","message":"` + text + `"}]`,
		`{"error":"need_login","error_message":"` + text + `"}`,
		`{"errors":{"status":401,"title":"x","detail":"{\"request\":\"{\\\"password\\\":\\\"` + Canary + `\\\"}\"}"}}`,
		`{"o:errorDetails":[{"detail":"` + text + `","o:errorCode":"USER_ERROR"}]}`,
		"error code: X error message: " + text,
		`{"access_token":"` + Canary + `","refresh_token":"` + Canary + `","id_token":"a.b.c","expires_in":-1,"token_type":"x"}`,
		`{"access_token":"a","expires_in":1e999}`,
		`<html><title>` + strings.Repeat(Canary+" ", 40) + `</title>`,
		`<!DOCTYPE html><TITLE x>` + text, strings.Repeat("<title>", 200),
		`<form><input name="Username"><input name='Password' value="` + Canary + `"></form>`,
		`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>`,
		`<Envelope><Body><Fault><faultcode>SBL-DAT-00553</faultcode><faultstring>&lt;a&gt;` + Canary + `&lt;/a&gt; try again in ` +
			`999999999999 ms</faultstring><detail><ErrorCode>x</ErrorCode></detail></Fault></Body></Envelope>`,
		`<Envelope><Body><R><ResponseMessages><M ResponseClass="Error"><MessageText>` + text + `</MessageText><ResponseCode>E` +
			`</ResponseCode></M></ResponseMessages></R></Body></Envelope>`,
		strings.Repeat("x", 498) + Canary, strings.Repeat("y\n", 32<<10) + Canary,
		"\x1b[31m\u202e\u0085" + Canary[:9] + "\r\n\u200b" + Canary[9:],
	}
}

// headers are seeds: challenges, waits and diagnostics.
func headers() []string {
	return []string{
		"", "120", "-1", "999999999999999999999", "Wed, 21 Oct 2115 07:28:00 GMT", "Basic", `NTLM TlRMTVNTUAACAAAA`,
		"Negotiate " + strings.Repeat("A", 100), strings.Repeat("a,", 500), `Digest realm="a, Basic`, `Bearer authorization_uri=` +
			`https://login.example.com/5a4d0000-7e4a-4000-8000-00000000b001/oauth2/authorize, resource_id="https://h/` + Canary + `"`,
		`2000003;reason="` + Canary + `";error_category="invalid_lifetime"`, "https://" + Canary + "@h.example.com/%zz", "Bearer \x00",
	}
}

// Add adds the seeds: responses with a status, the value of several headers, and a body.
func Add(f *testing.F) {
	f.Helper()
	all, statuses := headers(), []int{200, 400, 401, 403, 404, 429, 500, 503, 301, 0, -1, 999}
	for i, body := range bodies() {
		f.Add(statuses[i%len(statuses)], all[i%len(all)], []byte(body))
	}
	for i, header := range all {
		f.Add(statuses[i%len(statuses)], header, []byte(`{"error":"x"}`))
	}
}

// Header are the headers that systems answer errors with, all with the same value.
func Header(value string) http.Header {
	return http.Header{
		"Www-Authenticate": {value}, "Retry-After": {value}, "X-Ms-Diagnostics": {value}, "Location": {value},
		"Set-Cookie": {"DomAuthSessId=" + value}, "Content-Type": {value},
	}
}

// Responses fuzzes the function that finds the error of a system in a response. It must find the same each time, and no negative
// wait.
func Responses(f *testing.F, parse func(call.Response) *call.SystemError) {
	f.Helper()
	Add(f)
	f.Fuzz(func(t *testing.T, status int, header string, body []byte) {
		r := call.Response{Status: status, Header: Header(header), Body: body, URL: &url.URL{Scheme: "https", Host: "h.example.com"}}
		found, again := parse(r), parse(r)
		if !reflect.DeepEqual(found, again) {
			t.Errorf("found %v, and then %v", found, again)
		}
		if found != nil && found.RetryAfter < 0 {
			t.Errorf("the wait is %v", found.RetryAfter)
		}
	})
}

// Check fails the test unless a text can be shown: at most as many characters, valid, without control characters, and without
// the canary.
func Check(t *testing.T, what, text string, characters int) {
	t.Helper()
	hidden := func(r rune) bool { return unicode.Is(unicode.C, r) && r != '\n' }
	switch {
	case !utf8.ValidString(text), strings.ContainsFunc(text, hidden):
		t.Errorf("%s cannot be shown: %q", what, text)
	case utf8.RuneCountInString(text) > characters:
		t.Errorf("%s has %d characters", what, utf8.RuneCountInString(text))
	case strings.Contains(strings.ToLower(strings.Join(strings.Fields(text), "")), strings.ToLower(Canary)):
		t.Errorf("%s contains a secret: %q", what, text)
	}
}
