package conformance

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Try signs in, runs a test and signs out. The check is that of the sign-in if this is what failed.
func Try(t *testing.T, a target.Account, test target.Test, user string) (target.Check, error) {
	t.Helper()
	session, checks, err := a.SignIn(t.Context())
	if err != nil {
		return checks[len(checks)-1], err
	}
	defer func() {
		if err := session.Close(); err != nil {
			t.Error(err)
		}
	}()
	return session.Run(t.Context(), test, user)
}

// Pass signs in and runs a test; both have to work.
func Pass(t *testing.T, a target.Account, test target.Test, user string) target.Check {
	t.Helper()
	check, err := Try(t, a, test, user)
	if err != nil {
		t.Fatalf("%s of %q: %v", test, user, err)
	}
	return check
}

// Refuse signs in and runs a test, which has to end in the fault that it gives.
func Refuse(t *testing.T, a target.Account, test target.Test, user string) *target.Fault {
	t.Helper()
	_, err := Try(t, a, test, user)
	fault, ok := target.AsFault(err)
	if !ok {
		t.Fatalf("%s of %q: got %v, want a fault", test, user, err)
	}
	return fault
}
