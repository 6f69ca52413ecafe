package conformance

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

const (
	// maxCalls is the most calls of one sign-in and one test, whatever the system answers.
	maxCalls = 12
	// maxMessage is the most bytes of a fault's message, however much the system sends.
	maxMessage = 2000
)

// checkImpossible logs the reason why something is impossible. It fails without a reason, or if there is a setup nevertheless.
func checkImpossible(t *testing.T, reason string, hasSetup bool) {
	t.Helper()
	if hasSetup || reason == "" {
		t.Error("there is a setup, or no reason why it cannot happen")
	}
	t.Logf("cannot happen: %s", reason)
}

// run runs a case and verifies its result.
func (want expectation) run(t *testing.T, tc Case) *target.Fault {
	t.Helper()
	ctx, cancel := call.WithBudget(t.Context(), cmp.Or(tc.Budget, time.Minute), nil)
	defer cancel()
	return want.verify(t, tc, runCase(ctx, t, tc))
}

// runCase signs in and runs the test of a case.
func runCase(ctx context.Context, t *testing.T, tc Case) error {
	t.Helper()
	session, _, err := call.SignIn(ctx, tc.Account)
	if err != nil {
		return err
	}
	_, err = session.Run(ctx, tc.Test, tc.User)
	return errors.Join(err, session.Close(ctx))
}

func (want expectation) verify(t *testing.T, tc Case, err error) *target.Fault {
	t.Helper()
	if tc.Harmless {
		want = expectation{}
	}
	if tc.Leaked != nil && tc.Leaked() {
		t.Error("credentials were sent to another server")
	}
	if tc.Calls != nil && tc.Calls() > maxCalls {
		t.Errorf("the system received %d calls, want at most %d", tc.Calls(), maxCalls)
	}
	if tc.SignIns != nil && want.fault == target.GivenCredentials {
		if got := tc.SignIns(); got != 1 {
			t.Errorf("rejected credentials reached the system %d times, want once", got)
		}
	}
	if want.fault == "" {
		if err != nil {
			t.Errorf("got %v, want no fault", err)
		}
		return nil
	}
	fault, ok := target.AsFault(err)
	if !ok {
		t.Errorf("got %v, want the fault %s", err, want.fault)
		return nil
	}
	want.verifyFault(t, fault)
	want.verifyField(t, tc.Account.System, fault.Field)
	for name, secret := range tc.Account.Credentials {
		if part := shownPart(fault.Error()+strings.Join(fault.Help, " "), secret); part != "" {
			t.Errorf("the fault shows a part of the secret %s: %q in %q", name, part, fault)
		}
	}
	return fault
}

// shownPart returns a part of a secret that a text shows, without regard to letter case and white space; empty if it shows none.
// Documents such as a key file have parts that are not secret.
func shownPart(text, secret string) string {
	const length = 8
	bare := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	text, secret = bare(text), bare(secret)
	if strings.HasPrefix(secret, "{") || strings.HasPrefix(secret, "-") || len(secret) < length {
		return map[bool]string{true: secret}[strings.Contains(text, secret)]
	}
	for i := range len(secret) - length + 1 {
		if part := secret[i : i+length]; strings.Contains(text, part) {
			return part
		}
	}
	return ""
}

func (want expectation) verifyFault(t *testing.T, fault *target.Fault) {
	t.Helper()
	if !want.anyFault && fault.Code != want.fault && (want.orFault == "" || fault.Code != want.orFault) {
		t.Errorf("got fault %s (%s), want %s", fault.Code, fault.Message, want.fault)
	}
	want.verifyVerdict(t, fault)
	if want.fault == target.Throttled && !want.anyWait && fault.RetryAfter != Wait {
		t.Errorf("got a wait of %s, want %s", fault.RetryAfter, Wait)
	}
	if !fault.Message.Contains(want.message) {
		t.Errorf("message %q does not contain %q", fault.Message, want.message)
	}
	if shown := fault.Message.String(); len(shown) > maxMessage {
		t.Errorf("the message has %d bytes: %.200q", len(shown), shown)
	}
	if fault.Message.IsZero() || len(fault.Help) == 0 {
		t.Errorf("fault without message or help: %+v", fault)
		return
	}
	if !strings.Contains(fault.Help[0], want.help) {
		t.Errorf("the first help step %q does not contain %q", fault.Help[0], want.help)
	}
}

func (want expectation) verifyField(t *testing.T, system *target.System, name string) {
	t.Helper()
	field, known := system.Field(name)
	right := map[fieldKind]bool{
		anyField:       name == "" || known,
		noField:        name == "",
		addressField:   known && field.Type == target.URL,
		secretField:    known && field.Secret,
		authorityField: known && name == target.CACertificate,
	}
	if !right[want.field] {
		t.Errorf("the fault has the field %q", name)
	}
}

// verifyVerdict verifies whether a fault is a verdict on the credentials.
func (want expectation) verifyVerdict(t *testing.T, fault *target.Fault) {
	t.Helper()
	if want.counted && !fault.Certain && !fault.Unclear {
		t.Errorf("the refusal does not count: %s", fault.Message)
	}
	if want.certain && !fault.Certain || want.uncertain && fault.Certain {
		t.Errorf("certain: %t (%s)", fault.Certain, fault.Message)
	}
	if fault.Certain && fault.Code != target.GivenCredentials {
		t.Errorf("fault %s (%s) is a verdict on the credentials", fault.Code, fault.Message)
	}
}
