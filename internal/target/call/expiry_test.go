package call_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// certificateSystem is a test system whose accounts have a certificate.
func certificateSystem() *target.System {
	return &target.System{
		Name: "keyed", Title: "Keyed",
		Fields: []target.Field{{Name: "certificate", Type: target.Certificates, Secret: true}},
		Help:   map[target.Code][]string{target.GivenCredentials: {"Renew it."}},
	}
}

func TestExpiredCertificateIsNotSent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		end       time.Time
		contacted bool
	}{
		"valid":   {time.Now().Add(time.Hour), true},
		"expired": {time.Now().Add(-time.Hour), false},
	} {
		contacted := false
		certificate, _ := pemtest.Pair(t, "own", test.end)
		a := target.Account{System: certificateSystem(), Credentials: target.Credentials{"certificate": certificate}}
		a.System.SignIn = func(context.Context, target.Account) (target.Session, error) {
			contacted = true
			return nil, &target.Fault{Code: target.Throttled}
		}
		_, checks, err := call.SignIn(t.Context(), a)
		fault, ok := target.AsFault(err)
		if !ok || contacted != test.contacted || len(checks) != 1 || checks[0].Passed ||
			errors.Is(err, target.ErrNotContacted) == test.contacted {
			t.Fatalf("%s: contacted %t, got %+v, %v", name, contacted, checks, err)
		}
		text := "certificate expired on " + test.end.UTC().Format(time.DateOnly)
		if !test.contacted && (fault.Code != target.GivenCredentials || fault.Field != "certificate" || fault.Help[0] != "Renew it." ||
			!strings.HasPrefix(fault.Message.String(), text)) {
			t.Errorf("got %+v", fault)
		}
	}
}
