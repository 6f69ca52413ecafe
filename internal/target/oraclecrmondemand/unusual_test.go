package oraclecrmondemand_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// Invalid responses are faults, and valid responses in another form are accepted.
func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	const (
		session = "JSESSIONID=s3ssion; path=/"
		right   = `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header/><e:Body>` +
			`<o:CurrentUserWS_CurrentUserQueryPage_Output xmlns:o="urn:x"><o:LastPage>true</o:LastPage>` +
			`<ListOfCurrentUser><CurrentUser><UserId>1</UserId>` +
			`<UserSignInId>EXAMPLE\riva-sync</UserSignInId></CurrentUser></ListOfCurrentUser>` +
			`</o:CurrentUserWS_CurrentUserQueryPage_Output></e:Body></e:Envelope>`
	)
	inBody := func(body string) string { return "<Envelope><Body>" + body + "</Body></Envelope>" }
	const output = "CurrentUserWS_CurrentUserQueryPage_Output"
	for name, tc := range map[string]struct {
		cookie, response string
		code             target.Code
		message          string
	}{
		"another spelling":  {session, right, "", "EXAMPLE/riva-sync"},
		"another cookie":    {"JSESSION=s3ssion", right, target.GivenCredentials, "without a session"},
		"empty cookie":      {"JSESSIONID=; path=/", right, target.GivenCredentials, "without a session"},
		"expired cookie":    {"JSESSIONID=x; Max-Age=0", right, target.GivenCredentials, "without a session"},
		"no XML":            {session, `{"d":{}}`, target.Misconfigured, "response is"},
		"no envelope":       {session, "<Output/>", target.Misconfigured, "not the expected XML"},
		"empty body":        {session, inBody(""), target.Misconfigured, "CurrentUserQueryPage"},
		"another service's": {session, inBody("<ContactQueryPage_Output/>"), target.Misconfigured, "CurrentUserQueryPage"},
		"no list":           {session, inBody("<" + output + "/>"), target.Misconfigured, "without a list"},
		"no user": {
			session, inBody("<" + output + "><ListOfCurrentUser/></" + output + ">"), target.Misconfigured, "the account that signed in",
		},
		"fault without anything": {session, inBody("<Fault/>"), target.SystemNotAvailable, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Get("command") == "login" {
					w.Header().Set("Set-Cookie", tc.cookie)
					return
				}
				w.Header().Set("Content-Type", "text/xml")
				_, _ = w.Write([]byte(tc.response))
			}))
			defer server.Close()
			a := target.Account{
				System: oraclecrmondemand.System(), Settings: target.Settings{"url": server.URL, "username": "EXAMPLE/riva-sync"},
				Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
			}
			conformance.RequireMessage(t, a, target.General, "", tc.code, tc.message)
		})
	}
}

// The session's cookie is masked in every message.
func TestSessionIsMasked(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("command") == "login" {
			w.Header().Set("Set-Cookie", "JSESSIONID=s3ssionCanary; path=/")
			return
		}
		w.WriteHeader(http.StatusInternalServerError)
		text := "<Fault><faultstring>" + r.Header.Get("Cookie") + "</faultstring></Fault>"
		_, _ = w.Write([]byte("<Envelope><Body>" + text + "</Body></Envelope>"))
	}))
	defer server.Close()
	a := target.Account{
		System: oraclecrmondemand.System(), Settings: target.Settings{"url": server.URL, "username": "EXAMPLE/riva-sync"},
		Credentials: target.Credentials{"password": secret}, Network: target.Network{LoopbackHTTP: true},
	}
	if got := conformance.RequireFault(t, a, target.General, ""); strings.Contains(got.Error(), "Canary") ||
		!strings.Contains(got.Error(), "***") {
		t.Errorf("got %v", got)
	}
}
