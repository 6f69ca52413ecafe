// Package conformance is the table of situations that every target system must handle alike, and the test that runs it.
//
// A system's tests say how each situation is brought about with the system's stand-in; what has to come of it is said
// here, once. So two systems cannot differ in what they call the same failure, and a new system is told what it has
// to handle. Only tests import this package.
package conformance

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Situation names something that a target system, or the way to it, can do to a connection.
type Situation string

// The situations.
const (
	Works              Situation = "works"
	WrongSecret        Situation = "wrong secret"
	ExpiredOrRevoked   Situation = "credentials expired or revoked"
	AccountLocked      Situation = "account locked"
	OtherIdentity      Situation = "somebody else signed in"
	MissingRight       Situation = "missing right"
	UnknownUser        Situation = "unknown user"
	SeveralUsersMatch  Situation = "several users match"
	Throttling         Situation = "throttled with a wait of 90 seconds"
	Maintenance        Situation = "maintenance"
	NotReachable       Situation = "not reachable"
	NoSuchHost         Situation = "no such host"
	BrokenHandshake    Situation = "TLS handshake fails"
	UntrustedIssuer    Situation = "certificate of an unknown authority"
	WrongHostName      Situation = "certificate for another host"
	ExpiredCertificate Situation = "expired certificate"
	PageInstead        Situation = "web page instead of data"
	WrongPath          Situation = "no such path"
	HugeResponse       Situation = "huge answer"
	SlowResponse       Situation = "slow answer"
	TruncatedResponse  Situation = "truncated answer"
	DeeplyNested       Situation = "deeply nested answer"
	ExternalEntities   Situation = "external entities"
	RedirectElsewhere  Situation = "redirect to another host"
	EchoedSecret       Situation = "secret repeated in the answer"
)

// Wait is what the system asks for in the situation Throttling.
const Wait = 90 * time.Second

// fieldKind is the setting to mend, told without the names that a system gives its fields.
type fieldKind int

// The places.
const (
	// anyField accepts any field: systems differ.
	anyField fieldKind = iota
	// noField: no field of the connection is to blame.
	noField
	// addressField is the field of type URL.
	addressField
	// secretField is one of the secrets.
	secretField
	// authorityField is the field with the certificates to trust.
	authorityField
)

// expectation is what has to come of a situation.
type expectation struct {
	fault target.Code // empty: no fault
	field fieldKind
	// message is in the message, whatever the system.
	message string
	// anyWait is for signals: whether a wait comes with them is the system's matter.
	anyWait bool
}

func expectations() map[Situation]expectation {
	return map[Situation]expectation{
		Works:              {},
		WrongSecret:        {fault: target.GivenCredentials, field: secretField},
		ExpiredOrRevoked:   {fault: target.GivenCredentials, field: secretField},
		AccountLocked:      {fault: target.GivenCredentials, field: secretField},
		OtherIdentity:      {fault: target.WrongIdentity, message: "expects"},
		MissingRight:       {fault: target.InsufficientPermission},
		UnknownUser:        {fault: target.UserNotFound, field: noField},
		SeveralUsersMatch:  {fault: target.UserNotFound, field: noField, message: "match"},
		Throttling:         {fault: target.Throttled, field: noField},
		Maintenance:        {fault: target.SystemNotAvailable, field: addressField, message: "503"},
		NotReachable:       {fault: target.SystemNotAvailable, field: addressField, message: "refused"},
		NoSuchHost:         {fault: target.SystemNotAvailable, field: addressField, message: "no host named"},
		BrokenHandshake:    {fault: target.SystemNotAvailable, field: addressField, message: "TLS handshake"},
		UntrustedIssuer:    {fault: target.Misconfigured, field: authorityField, message: "not trusted"},
		WrongHostName:      {fault: target.Misconfigured, field: addressField, message: "another host"},
		ExpiredCertificate: {fault: target.Misconfigured, field: addressField, message: "expired"},
		PageInstead:        {fault: target.Misconfigured, field: addressField, message: "web page"},
		WrongPath:          {fault: target.Misconfigured, field: addressField, message: "404"},
		HugeResponse:       {fault: target.Misconfigured, field: addressField, message: "4 MiB"},
		SlowResponse:       {fault: target.SystemNotAvailable, field: addressField, message: "in time"},
		TruncatedResponse:  {fault: target.SystemNotAvailable, field: addressField, message: "broke off"},
		DeeplyNested:       {fault: target.Misconfigured, field: addressField},
		ExternalEntities:   {fault: target.Misconfigured, field: addressField, message: "refused"},
		RedirectElsewhere:  {fault: target.Misconfigured, field: addressField, message: "redirects to"},
		EchoedSecret:       {fault: target.SystemNotAvailable, message: "***"},
	}
}

// Case is a stand-in in a situation, and what to ask of it.
type Case struct {
	Account target.Account
	// Test and User are run after a sign-in that succeeds.
	Test target.Test
	User string
	// SignIns counts the attempts that reached the stand-in; nil if that tells nothing.
	SignIns func() int
	// Leaked tells whether a credential arrived where none may; nil if there is no such place.
	Leaked func() bool
}

// setup brings a situation about, with a stand-in of its own.
type setup struct {
	// where tells arrangements of one situation apart: an address, or a call.
	where   string
	newCase func(*testing.T) Case
}

// ErrorCase is a row of what a vendor documents about failures: what the system says, and the fault that it means.
type ErrorCase struct {
	// Fault is the fault.
	Fault target.Code
	// Field is the field to mend, where it is a certain one.
	Field string
	// Message is in the message, if it matters.
	Message string
	// Setup has the system say so. [Subject.Failing] makes one of a scripted fault.
	Setup func(*testing.T) Case
}

// Suite is a system under test.
type Suite struct {
	// Start makes a stand-in that ends with the test, and an account that it lets in.
	Start StartFunc[StandIn]
	// Addresses are the fields that say where the calls of a general test go. The first one gets a wrong path too.
	Addresses []string
	// Operations are the stand-in's names of the calls of a general test: the answers to each are spoiled in turn. None
	// means the first call, whatever it is.
	Operations []string
	// Cases bring about the situations that differ between systems, and those that need more than what is done for all.
	Cases map[Situation]func(*testing.T) Case
	// Impossible says of situations why they cannot happen in this system.
	Impossible map[Situation]string
	// Errors are the rows of the vendor's own table of failures, by name.
	Errors map[string]ErrorCase
	// ImpossibleErrors says of the other rows of that table why they cannot happen.
	ImpossibleErrors map[string]string
}

// Run runs the whole table, then the vendor's own. A situation that is neither brought about nor said to be impossible
// fails.
func Run(t *testing.T, subject Suite) {
	t.Helper()
	setups := subject.setups()
	for situation, own := range subject.Cases {
		setups[situation] = []setup{{newCase: own}}
	}
	for situation, want := range expectations() {
		t.Run(string(situation), func(t *testing.T) {
			t.Parallel()
			if reason, impossible := subject.Impossible[situation]; impossible {
				_, own := subject.Cases[situation]
				checkImpossible(t, reason, own)
				return
			}
			if len(setups[situation]) == 0 {
				t.Fatal("the system says nothing about this situation")
			}
			for _, a := range setups[situation] {
				if len(setups[situation]) == 1 {
					_ = want.run(t, a.newCase(t)) // has said what it is not
					continue
				}
				t.Run(a.where, func(t *testing.T) { _ = want.run(t, a.newCase(t)) })
			}
		})
	}
	for name, reason := range subject.ImpossibleErrors {
		t.Run("signal/"+name, func(t *testing.T) {
			_, own := subject.Errors[name]
			checkImpossible(t, reason, own)
		})
	}
	for name, errorCase := range subject.Errors {
		t.Run("signal/"+name, func(t *testing.T) {
			t.Parallel()
			tc := errorCase.Setup(t)
			fault := expectation{fault: errorCase.Fault, message: errorCase.Message, anyWait: true}.run(t, tc)
			if fault != nil && errorCase.Field != "" && fault.Field != errorCase.Field {
				t.Errorf("the fault names the field %q, want %q", fault.Field, errorCase.Field)
			}
		})
	}
}

// checkImpossible notes why something is said to be impossible, which what is brought about is not.
func checkImpossible(t *testing.T, reason string, broughtAbout bool) {
	t.Helper()
	if broughtAbout || reason == "" {
		t.Error("it is brought about, or nobody says why it cannot happen")
	}
	t.Logf("cannot happen: %s", reason)
}

// run lets a scene happen and looks at what comes of it.
func (want expectation) run(t *testing.T, tc Case) *target.Fault {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	return want.verify(t, tc, runCase(ctx, t, tc))
}

// runCase signs in and runs the scene's test.
func runCase(ctx context.Context, t *testing.T, tc Case) error {
	t.Helper()
	session, _, err := call.SignIn(ctx, tc.Account)
	if err != nil {
		return err
	}
	_, err = session.Run(ctx, tc.Test, tc.User)
	return errors.Join(err, session.Close())
}

func (want expectation) verify(t *testing.T, tc Case, err error) *target.Fault {
	t.Helper()
	if tc.Leaked != nil && tc.Leaked() {
		t.Error("credentials arrived where they do not belong")
	}
	if tc.SignIns != nil && want.fault == target.GivenCredentials {
		if got := tc.SignIns(); got != 1 {
			t.Errorf("refused credentials reached the system %d times, want once", got)
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
		if shown := fault.Error() + strings.Join(fault.Help, " "); strings.Contains(shown, secret) {
			t.Errorf("the fault shows the secret %s", name)
		}
	}
	return fault
}

func (want expectation) verifyFault(t *testing.T, fault *target.Fault) {
	t.Helper()
	if fault.Code != want.fault {
		t.Errorf("got fault %s (%s), want %s", fault.Code, fault.Message, want.fault)
	}
	if want.fault == target.Throttled && !want.anyWait && fault.RetryAfter != Wait {
		t.Errorf("got a wait of %s, want %s", fault.RetryAfter, Wait)
	}
	if !strings.Contains(fault.Message, want.message) {
		t.Errorf("message %q does not say %q", fault.Message, want.message)
	}
	if fault.Message == "" || len(fault.Help) == 0 {
		t.Errorf("fault without message or help: %+v", fault)
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
		t.Errorf("the fault names the field %q", name)
	}
}
