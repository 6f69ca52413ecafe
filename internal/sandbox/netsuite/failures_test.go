package netsuite_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	server := start(t, netsuite.Options{})
	c := newClient(server)
	const contact, info = "/services/rest/record/v1/contact", "/rest/tokeninfo"
	for _, tc := range []struct {
		fault  sandbox.Fault
		path   string
		status int
		text   string
	}{
		{netsuite.TooMany(1500 * time.Millisecond), contact, http.StatusTooManyRequests, "REQUEST_LIMIT_EXCEEDED"},
		{netsuite.TooMany(0), info, http.StatusBadRequest, `"error":{"code":"REQUEST_LIMIT_EXCEEDED"`},
		{netsuite.APIError("UNEXPECTED_ERROR"), contact, http.StatusInternalServerError, "15.6.1"},
		{netsuite.APIError("SSS_REQUEST_LIMIT_EXCEEDED"), info, http.StatusBadRequest, "Request limit exceeded."},
		{netsuite.LoginError("nonce_used"), contact, http.StatusUnauthorized, "Login Audit Trail"},
		{netsuite.LoginError("nonce_used"), info, http.StatusUnauthorized, "INVALID_LOGIN_ATTEMPT"},
		{netsuite.Deep(), contact, http.StatusOK, "[[[["},
	} {
		if err := server.Fail(tc.fault, 1); err != nil {
			t.Fatal(err)
		}
		resp, text := c.call(t, http.MethodGet, tc.path, "", "")
		if resp.StatusCode != tc.status || !strings.Contains(text, tc.text) {
			t.Errorf("%+v: %d %s", tc.fault, resp.StatusCode, text[:min(len(text), 300)])
		}
		if wait := resp.Header.Get("Retry-After"); (wait == "2") != (tc.fault.WaitMilliseconds > 0) {
			t.Errorf("%+v: wait %q", tc.fault, wait)
		}
	}
	for _, bad := range []sandbox.Fault{
		netsuite.APIError("no code"), {Kind: netsuite.KindAPIError, Code: "X", Status: 200}, {Kind: "odd"},
		netsuite.LoginError("token_rejected").ForAccount("ada@example.com"),
	} {
		if server.Fail(bad, 1) == nil {
			t.Errorf("%+v is accepted", bad)
		}
	}
}
