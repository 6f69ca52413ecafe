package call_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// session is a signed-in account of a test system.
type session struct {
	identity target.Identity
	scheme   string
	run      func(context.Context) (target.Text, error)
	closed   *bool
}

func (s session) Identity() target.Identity { return s.identity }

func (s session) Scheme() string { return s.scheme }

func (s session) Run(ctx context.Context, _ target.Test, _ string) (target.Text, error) {
	return s.run(ctx)
}

func (s session) Close(context.Context) error {
	*s.closed = true
	return nil
}

// account makes an account of a test system with the sign-in.
func account(signIn func(context.Context, target.Account) (target.Session, error)) target.Account {
	return target.Account{
		Credentials: target.Credentials{"password": "canary-bird"},
		System: &target.System{
			Name: "crm", Title: "Example CRM",
			Fields: []target.Field{
				{Name: "url", Fixes: []target.Code{target.SystemNotAvailable}},
				{Name: "account_id", Canonical: strings.ToUpper, Default: "ORG-0"},
				{Name: "password", Secret: true, Fixes: []target.Code{target.GivenCredentials}},
			},
			Help: map[target.Code][]string{target.GivenCredentials: {"Try again."}, target.WrongIdentity: {"Look."}},
			Expected: func(target.Account) target.Expected {
				return target.Expected{Username: "Svc@Example.com", OrganizationID: "org-1", OrganizationField: "account_id"}
			},
			SignIn: signIn,
		},
	}
}

func failingAccount(err error) target.Account {
	return account(func(context.Context, target.Account) (target.Session, error) { return nil, err })
}

// The first help step is the one for exactly this error; one about a proxy is for responses that are not known.
func TestFirstHelpStep(t *testing.T) {
	t.Parallel()
	for want, fault := range map[string]target.Fault{
		"Try again.":       {Certain: true},
		"Renew it.":        {Certain: true, Hint: "Renew it."},
		target.HelpUnclear: {Unclear: true},
		"Sign in again.":   {Unclear: true, Hint: "Sign in again."},
	} {
		fault.Code = target.GivenCredentials
		_, _, err := call.SignIn(t.Context(), failingAccount(&fault))
		got, ok := target.AsFault(err)
		if !ok || got.Help[0] != want || got.Help[len(got.Help)-1] != "Try again." || len(got.Help) > 2 {
			t.Errorf("got %q, want %q first", got.Help, want)
		}
	}
}

func TestSignInCompletesFaults(t *testing.T) {
	t.Parallel()
	_, checks, err := call.SignIn(t.Context(), failingAccount(fmt.Errorf("sign in: %w", &target.Fault{
		Code: target.GivenCredentials, Message: target.Say("%s", "no\x00pe:\n canary-bird is wrong"),
	})))
	fault, ok := target.AsFault(err)
	if !ok || fault.Message.String() != "nope: *** is wrong" || fault.Field != "password" || fault.Help[0] != "Try again." {
		t.Fatalf("got %+v", err)
	}
	want := "Cannot Connect to the Target System with Given Credentials: nope: *** is wrong"
	if fault.Error() != want || len(checks) != 1 || checks[0].Passed || checks[0].Message != want {
		t.Errorf("got %q, %+v", fault, checks)
	}
}

func TestSignInConvertsErrors(t *testing.T) {
	t.Parallel()
	cause := errors.New("odd: canary-bird")
	_, _, err := call.SignIn(t.Context(), failingAccount(cause))
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.SystemNotAvailable || fault.Message.String() != "odd: ***" || !errors.Is(err, cause) {
		t.Errorf("got %+v", err)
	}
}

// Some systems do not report the identity.
func TestSignInWithoutIdentity(t *testing.T) {
	t.Parallel()
	a := account(func(context.Context, target.Account) (target.Session, error) { return session{closed: new(bool)}, nil })
	a.System.Expected = nil
	_, checks, err := call.SignIn(t.Context(), a)
	if err != nil || len(checks) != 2 || checks[1].Message != "Example CRM does not report who signed in." {
		t.Errorf("got %+v, %v", checks, err)
	}
}

func TestSignInContextEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	unavailable := failingAccount(&target.Fault{Code: target.SystemNotAvailable})
	if _, _, err := call.SignIn(ctx, unavailable); !errors.Is(err, context.Canceled) {
		t.Errorf("canceled: got %v", err)
	}
	ctx, cancel = context.WithDeadline(t.Context(), time.Unix(0, 0))
	defer cancel()
	_, _, err := call.SignIn(ctx, unavailable)
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.SystemNotAvailable || !fault.Message.Contains("timeout of a test") {
		t.Errorf("deadline: got %v", err)
	}
	// A late rejection counts: another attempt could lock the account.
	_, _, err = call.SignIn(ctx, failingAccount(&target.Fault{Code: target.GivenCredentials}))
	if fault, ok := target.AsFault(err); !ok || fault.Code != target.GivenCredentials {
		t.Errorf("rejected after the deadline: got %v", err)
	}
}

func TestSignInComparesIdentity(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		identity target.Identity
		field    string
		message  string
	}{
		"the same": {target.Identity{Username: "svc@example.com", OrganizationID: "org-1"}, "", ""},
		"another user": {
			target.Identity{Username: "ada@example.com", OrganizationID: "org-1"}, "",
			`Signed in as "ada@example.com"`,
		},
		"the same in another spelling": {target.Identity{Username: "SVC@example.com", OrganizationID: "ORG-1"}, "", ""},
		"another organization": {
			target.Identity{Username: "svc@example.com", OrganizationID: "org-2"}, "account_id",
			`the organization "org-2"`,
		},
		"no organization": {target.Identity{Username: "svc@example.com"}, "account_id", `the organization ""`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var closed bool
			signedIn, checks, err := call.SignIn(t.Context(), account(func(context.Context, target.Account) (target.Session, error) {
				return session{identity: test.identity, closed: &closed}, nil
			}))
			if len(checks) != 2 || !checks[0].Passed || checks[1].Passed != (test.message == "") {
				t.Errorf("got checks %+v", checks)
			}
			if test.message == "" {
				if err != nil || signedIn.Identity != test.identity || closed {
					t.Errorf("got %+v, %v", signedIn, err)
				}
				return
			}
			fault, ok := target.AsFault(err)
			if !ok || fault.Code != target.WrongIdentity || fault.Field != test.field || !fault.Message.Contains(test.message) {
				t.Errorf("got %+v", err)
			}
			if !closed {
				t.Error("the session was left open")
			}
		})
	}
}

func TestRunScrubsMessages(t *testing.T) {
	t.Parallel()
	var closed bool
	identity := target.Identity{Username: "svc@example.com", OrganizationID: "org-1", OrganizationName: "canary-bird Inc."}
	responses := []func() (target.Text, error){
		func() (target.Text, error) { return target.Say("Saw %s.", "canary-bird"), nil },
		func() (target.Text, error) {
			return target.Text{}, &target.Fault{Code: target.GivenCredentials, Message: target.Say("%s", "canary-bird")}
		},
	}
	signedIn, _, err := call.SignIn(t.Context(), account(func(context.Context, target.Account) (target.Session, error) {
		return session{identity: identity, closed: &closed, run: func(context.Context) (target.Text, error) {
			next := responses[0]
			responses = responses[1:]
			return next()
		}}, nil
	}))
	if err != nil || signedIn.Identity.OrganizationName != "*** Inc." {
		t.Fatalf("got %+v, %v", signedIn, err)
	}
	check, err := signedIn.Run(t.Context(), target.Calendar, "")
	if err != nil || check.Message != "Saw ***." || check.Name != "calendar" {
		t.Errorf("got %+v, %v", check, err)
	}
	check, err = signedIn.Run(t.Context(), target.Calendar, "")
	fault, ok := target.AsFault(err)
	if !ok || fault.Message.String() != "***" || check.Passed || !strings.HasSuffix(check.Message, ": ***") {
		t.Errorf("got %+v, %v", check, err)
	}
	if err := signedIn.Close(t.Context()); err != nil || !closed {
		t.Errorf("close: %v, %t", err, closed)
	}
}

func TestCredentialsAreNotPrinted(t *testing.T) {
	t.Parallel()
	c := target.Credentials{"password": "canary-bird"}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if got := fmt.Sprintf(format, c); strings.Contains(got, "canary") {
			t.Errorf("%s: %s", format, got)
		}
	}
	if got := fmt.Sprintf("%+v", target.Account{Credentials: c}); strings.Contains(got, "canary") {
		t.Errorf("in an account: %s", got)
	}
}

// Only what the system says is scrubbed: a message without our own words would not explain anything.
func TestOwnWordsStayWithShortPassword(t *testing.T) {
	t.Parallel()
	a := failingAccount(&target.Fault{
		Code: target.Misconfigured, Message: target.Say("The address is for another host: %s", "The ADDRESS of svc is wrong."),
	})
	a.Credentials["password"] = "address"
	_, _, err := call.SignIn(t.Context(), a)
	if fault, ok := target.AsFault(err); !ok || fault.Message.String() != "The address is for another host: text withheld" {
		t.Errorf("got %v", err)
	}
}

// The whole message is limited, and not only what the system says.
func TestMessagesAreLimited(t *testing.T) {
	t.Parallel()
	part := strings.Repeat("No. ", 100)
	_, _, err := call.SignIn(t.Context(), failingAccount(&target.Fault{
		Code: target.Misconfigured, Message: target.Say("It said %q, then %q, then %q.", part, part, part),
	}))
	if fault, ok := target.AsFault(err); !ok || len(fault.Message.String()) > 500 {
		t.Errorf("got %v", err)
	}
}

// The first help step of rejected credentials names a secret that was sent with white space around it, unless the system rejected
// another one.
func TestHelpNamesWhiteSpaceInSecret(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault  target.Fault
		secret string
		named  bool
	}{
		"at the end":            {target.Fault{Code: target.GivenCredentials, Certain: true}, "canary ", true},
		"line break":            {target.Fault{Code: target.GivenCredentials, Certain: true}, "can\nary", true},
		"not certain":           {target.Fault{Code: target.GivenCredentials, Unclear: true, Hint: "A hint."}, "canary\n", true},
		"about the user":        {target.Fault{Code: target.GivenCredentials, Field: "account_id"}, " canary", true},
		"in order":              {target.Fault{Code: target.GivenCredentials, Certain: true}, "canary", false},
		"another secret":        {target.Fault{Code: target.GivenCredentials, Certain: true, Field: "token"}, "canary ", false},
		"another secret, maybe": {target.Fault{Code: target.GivenCredentials, Field: "token"}, "canary ", true},
		"another fault":         {target.Fault{Code: target.SystemNotAvailable}, "canary ", false},
		"never sent":            {target.Fault{Code: target.GivenCredentials, Cause: target.ErrNotContacted}, "canary ", false},
	} {
		a := failingAccount(&test.fault)
		a.System.Fields = append(a.System.Fields, target.Field{Name: "token", Secret: true})
		a.Credentials = target.Credentials{"password": test.secret, "token": "right"}
		_, _, err := call.SignIn(t.Context(), a)
		fault, ok := target.AsFault(err)
		if !ok {
			t.Fatalf("%s: got %v", name, err)
		}
		help := strings.Join(fault.Help, "|")
		if strings.HasPrefix(help, "password ") != test.named || strings.Contains(help, "can") ||
			!test.named && strings.Contains(help, "white space") {
			t.Errorf("%s: got the help %q", name, help)
		}
	}
}

// A secret that the system has replaced since is not the one that was sent.
func TestHelpIgnoresReplacedSecret(t *testing.T) {
	t.Parallel()
	a := failingAccount(&target.Fault{Code: target.GivenCredentials, Certain: true})
	a.Credentials, a.Tokens = target.Credentials{"password": "canary "}, new(target.Tokens)
	a.Tokens.Adopt("password", "new")
	_, _, err := call.SignIn(t.Context(), a)
	if fault, ok := target.AsFault(err); !ok || strings.Contains(strings.Join(fault.Help, "|"), "white space") {
		t.Errorf("got %+v", err)
	}
}
