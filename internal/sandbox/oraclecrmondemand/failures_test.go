package oraclecrmondemand_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	oracle "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	b := start(t, oracle.Options{})
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		status int
		text   string
	}{
		"fault":      {oracle.SOAPFault("SBL-X", "something"), 500, "<ErrorCode>SBL-X</ErrorCode>"},
		"siebdetail": {sandbox.Fault{Kind: oracle.KindSiebelFault, Code: "SBL-X"}, 500, "<siebelf:errorcode>SBL-X<"},
		"throttled":  {oracle.Throttled(1500 * time.Millisecond), 500, "try again in 1500 ms"},
		"lost":       {oracle.SessionLost(), 500, "Session is not available"},
		"deep":       {oracle.Deep(), 200, "<a><a><a>"},
		"entities":   {oracle.Entities(), 200, "<!DOCTYPE"},
	} {
		b.Clear()
		session := b.session()
		if err := b.Fail(tc.fault, 1); err != nil {
			t.Fatal(err)
		}
		if got := b.ask(session, "Contact", ""); got.Status != tc.status || !strings.Contains(got.Body, tc.text) {
			t.Errorf("%s: %d %.300s", name, got.Status, got.Body)
		}
	}
	session := b.session()
	if err := b.Fail(oracle.Echo(), 1); err != nil {
		t.Fatal(err)
	}
	if got := b.ask(session, "Contact", ""); !strings.Contains(got.Body, session) {
		t.Errorf("no secret in: %s", got.Body)
	}
	if err := b.Fail(oracle.LoginRefused(http.StatusOK), 1); err != nil {
		t.Fatal(err)
	}
	if got := b.login("x", "y", ""); got.Status != http.StatusOK || got.Header.Get("Set-Cookie") != "" || b.SignIns().Rejected != 1 {
		t.Errorf("%d %v", got.Status, got.Header)
	}
	for _, wrong := range []sandbox.Fault{
		{Kind: "no_such_kind"}, {Kind: oracle.KindSOAPFault}, {Kind: oracle.KindLoginRefused, Status: 100},
	} {
		if err := b.Fail(wrong, 1); err == nil {
			t.Errorf("%+v was accepted", wrong)
		}
	}
}
