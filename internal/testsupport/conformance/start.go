package conformance

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// StartFunc starts a system's stand-in and makes an account that can sign in; with TLS, the account trusts the stand-in's
// authority.
type StartFunc[S StandIn] func(t *testing.T, tls *sandbox.TLS) (S, target.Account)

// Start makes the start function of a [Suite], with the common interface of all stand-ins.
func (s StartFunc[S]) Start(t *testing.T, tls *sandbox.TLS) (StandIn, target.Account) {
	t.Helper()
	return s(t, tls)
}

// generalCase makes a general test of the service account, with its own stand-in.
func (s StartFunc[S]) generalCase(t *testing.T, tls *sandbox.TLS) (S, Case) {
	t.Helper()
	standIn, account := s(t, tls)
	return standIn, Case{
		Account: account, Test: target.General,
		SignIns: func() int { return standIn.SignIns().Attempts }, Calls: func() int { return len(standIn.Requests()) },
	}
}

// With sets up a general test of the service account, over TLS, after a change of the stand-in or of the case.
func (s StartFunc[S]) With(change func(t *testing.T, standIn S, tc *Case)) func(*testing.T) Case {
	return func(t *testing.T) Case {
		t.Helper()
		standIn, tc := s.generalCase(t, &sandbox.TLS{})
		change(t, standIn, &tc)
		return tc
	}
}

// ForUser sets up a test of a user; of the service account if the user is empty.
func (s StartFunc[S]) ForUser(test target.Test, user string) func(*testing.T) Case {
	return s.With(func(_ *testing.T, _ S, tc *Case) { tc.Test, tc.User = test, user })
}

// WithValue sets up a general test of an account with another value of a setting or a secret.
func (s StartFunc[S]) WithValue(name, value string) func(*testing.T) Case {
	return s.With(func(t *testing.T, _ S, tc *Case) {
		t.Helper()
		field, known := tc.Account.System.Field(name)
		switch {
		case !known:
			t.Fatalf("the system has no field %q", name)
		case field.Secret:
			tc.Account.Credentials[name] = value
		default:
			tc.Account.Settings[name] = value
		}
	})
}
