package conformance

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Each runs a test in parallel for each of the names, such as those of the grants.
func Each(t *testing.T, names []string, test func(t *testing.T, name string)) {
	t.Helper()
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, name)
		})
	}
}

// SignIn signs in until the test ends.
func SignIn(t *testing.T, a target.Account) *call.SignedIn {
	t.Helper()
	session, _, err := call.SignIn(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := session.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return session
}

// RequireIdentity signs in, compares the identity and its check with the expected one, and signs out.
func RequireIdentity(t *testing.T, a target.Account, want target.Identity) {
	t.Helper()
	session, checks, err := call.SignIn(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	text := "Signed in as " + want.Username + "."
	if want.Username == "" {
		text = a.System.Title + " does not report who signed in."
	}
	if message := checks[len(checks)-1].Message; session.Identity != want || message != text {
		t.Errorf("got %+v, reported as %q, want %+v", session.Identity, message, want)
	}
	if err := session.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// RunTest signs in, runs a test and signs out. If the sign-in fails, it returns the check of the sign-in.
func RunTest(t *testing.T, a target.Account, test target.Test, user string) (target.Check, error) {
	t.Helper()
	session, checks, err := call.SignIn(t.Context(), a)
	if err != nil {
		return checks[len(checks)-1], err
	}
	defer func() {
		if err := session.Close(t.Context()); err != nil {
			t.Error(err)
		}
	}()
	return session.Run(t.Context(), test, user)
}

// RequirePass signs in and runs a test; both must pass.
func RequirePass(t *testing.T, a target.Account, test target.Test, user string) target.Check {
	t.Helper()
	check, err := RunTest(t, a, test, user)
	if err != nil {
		t.Fatalf("%s of %q: %v", test, user, err)
	}
	return check
}

// RequireFault signs in and runs a test, which must fail. It returns the fault.
func RequireFault(t *testing.T, a target.Account, test target.Test, user string) *target.Fault {
	t.Helper()
	_, err := RunTest(t, a, test, user)
	fault, ok := target.AsFault(err)
	if !ok {
		t.Fatalf("%s of %q: got %v, want a fault", test, user, err)
	}
	return fault
}

// RequireMessage signs in and runs a test, which must fail with the fault, or pass if that is empty, with a message that
// contains the text.
func RequireMessage(t *testing.T, a target.Account, test target.Test, user string, want target.Code, text string) {
	t.Helper()
	check, err := RunTest(t, a, test, user)
	fault, failed := target.AsFault(err)
	switch {
	case want == "" && (err != nil || !strings.Contains(check.Message, text)):
		t.Errorf("%s of %q: got %q, %v, want %q", test, user, check.Message, err, text)
	case want != "" && (!failed || fault.Code != want || !fault.Message.Contains(text)):
		t.Errorf("%s of %q: got %v, want %s with %q", test, user, err, want, text)
	}
}

// RequireAllPass runs all tests that the system offers, for each of the users: the empty one is the service account. Each
// test must pass, with a message that contains the text for the test or, without such a text, the text for the user.
func RequireAllPass(t *testing.T, a target.Account, users map[string]string, tests map[target.Test]string) {
	t.Helper()
	for user, owner := range users {
		for _, test := range a.System.Tests {
			if test.NeedsUser() && user == "" {
				continue
			}
			text, ok := tests[test]
			if !ok {
				text = owner
			}
			if got := RequirePass(t, a, test, user); !got.Passed || !strings.Contains(got.Message, text) {
				t.Errorf("%s of %q: %+v does not contain %q", test, user, got, text)
			}
		}
	}
}

// RequireTokenReuse signs in three times. The second session must reuse the first token. After the system has revoked it, the
// third session must get another one.
func RequireTokenReuse(t *testing.T, standIn StandIn, a target.Account, revoke func() error) {
	t.Helper()
	RequirePass(t, a, target.General, "")
	RequirePass(t, a, target.Contacts, "")
	if got := standIn.SignIns().Attempts; got != 1 {
		t.Errorf("%d sign-ins for two sessions", got)
	}
	if err := revoke(); err != nil {
		t.Fatal(err)
	}
	RequirePass(t, a, target.Mail, "")
	if got := standIn.SignIns().Attempts; got != 2 {
		t.Errorf("%d sign-ins after the token was revoked, want 2", got)
	}
}

// TryMetadata signs in and reads the object definitions.
func TryMetadata(t *testing.T, a target.Account) (target.Snapshot, error) {
	t.Helper()
	snapshot, ok, err := SignIn(t, a).Metadata(t.Context())
	if !ok {
		t.Fatal("the system declares no metadata reader")
	}
	return snapshot, err
}

// Metadata signs in and reads the object definitions; both must pass.
func Metadata(t *testing.T, a target.Account) target.Snapshot {
	t.Helper()
	snapshot, err := TryMetadata(t, a)
	if err != nil {
		t.Fatal(err)
	}
	return snapshot
}

// RequireLogOff signs in twice and signs out after the context has ended. The log-off, an operation of the stand-in, must be
// sent as long as the test has time, and not after it.
func RequireLogOff(t *testing.T, standIn StandIn, a target.Account, operation string) {
	t.Helper()
	for _, test := range []struct {
		budget time.Duration
		want   int
	}{{time.Hour, 1}, {0, 0}} {
		session, _, err := call.SignIn(t.Context(), a)
		if err != nil {
			t.Fatal(err)
		}
		before := len(Calls(standIn, operation))
		ctx, cancel := call.WithBudget(t.Context(), test.budget, nil)
		cancel()
		if err := session.Close(ctx); err != nil {
			t.Error(err)
		}
		if sent := len(Calls(standIn, operation)) - before; sent != test.want {
			t.Errorf("with a budget of %s, %d log-offs were sent, want %d", test.budget, sent, test.want)
		}
	}
}
