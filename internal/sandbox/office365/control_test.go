package office365_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

func TestControl(t *testing.T) {
	t.Parallel()
	b := start(t)
	endpoint, err := sandbox.StartControl("127.0.0.1:0", b.Server)
	must(t, err)
	t.Cleanup(func() { must(t, endpoint.Close()) })
	token := b.appToken(graph)
	mailboxes, messages := "/mailboxes/"+ada, "/users/"+ada+"/messages"
	for _, step := range []struct {
		method, path, body string
		status             int
		reads              string // the error of a later call of Graph; empty: no error
	}{
		{http.MethodPatch, mailboxes, `{"blocked":true}`, 200, "ErrorAccessDenied"},
		{http.MethodPatch, mailboxes, `{"blocked":false,"mail":false}`, 200, "ErrorAccessDenied"},
		{http.MethodPatch, mailboxes, `{"mail":true,"mailbox":false}`, 200, "MailboxNotEnabledForRESTAPI"},
		{http.MethodPatch, mailboxes, `{"mailbox":true}`, 200, ""},
		{http.MethodPatch, mailboxes, `{"nonsense":true}`, 400, ""},
		{http.MethodPatch, "/mailboxes/nobody@example.com", `{"mail":true}`, 404, ""},
		{http.MethodPatch, "/tenant", `{"ews_enabled":false,"exchange_roles":["Mail.Read"]}`, 200, ""},
		{http.MethodPost, "/throttle", `{"times":1}`, 200, "ApplicationThrottled"},
		{http.MethodPost, "/faults", `{"kind":"graph_error","code":"ServiceUnavailable","times":1}`, 200, "ServiceUnavailable"},
		{http.MethodPost, "/entra/expire-tokens", ``, 200, "InvalidAuthenticationToken"},
	} {
		r := b.do(step.method, endpoint.URL()+"/office365"+step.path, step.body, http.Header{})
		if r.Status != step.status {
			t.Errorf("%s %s: %d %s", step.path, step.body, r.Status, r.Body)
		}
		if got := b.get(token, messages); got.code() != step.reads {
			t.Errorf("after %s %s: %s", step.path, step.body, got.Body)
		}
	}
	if r := b.do(http.MethodGet, endpoint.URL()+"/office365", "", http.Header{}); !strings.Contains(r.Body, `"ews_enabled": false`) {
		t.Errorf("the state is %s", r.Body)
	}
}
