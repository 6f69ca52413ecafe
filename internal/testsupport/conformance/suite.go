package conformance

import (
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Case is a test case: an account of a stand-in in a situation, and the test to run.
type Case struct {
	Account target.Account
	// Budget is the time for sign-in, test and sign-out; zero is the default of the suite.
	Budget time.Duration
	// Test is run for User after a successful sign-in.
	Test target.Test
	User string
	// Harmless reports that the account works in the situation.
	Harmless bool
	// SignIns counts the sign-ins that reached the stand-in; nil if they are not checked.
	SignIns func() int
	// Calls counts the requests that reached the stand-in; nil if they are not checked.
	Calls func() int
	// Leaked reports whether a credential was sent to another server; nil if no other server exists.
	Leaked func() bool
}

// setup makes the case of a situation, with its own stand-in.
type setup struct {
	// where distinguishes the setups of one situation: an address, or a call.
	where   string
	newCase func(*testing.T) Case
}

// ErrorCase is a row of a vendor's error documentation: the system's error, and its fault.
type ErrorCase struct {
	// Fault is the fault.
	Fault target.Code
	// Field is the field to correct, if it is a specific one.
	Field string
	// Message is a part of the fault's message; may be empty.
	Message string
	// Setup makes the system return the error. [Suite.Failing] makes one of a sandbox fault.
	Setup func(*testing.T) Case
}

// Suite is the conformance suite of one system.
type Suite struct {
	// Start makes a stand-in that ends with the test, and an account that can sign in to it.
	Start StartFunc[StandIn]
	// Addresses are the fields with the addresses of a general test. The first one is also tested with a wrong path.
	Addresses []string
	// Operations are the stand-in's names of the calls of a general test: each of them fails in turn. Empty means the first call,
	// whatever it is.
	Operations []string
	// Echo is the fault that repeats the secrets of a request; the zero value if the system never receives them.
	Echo sandbox.Fault
	// Challenge is the value of WWW-Authenticate with which the system requests a sign-in; empty if it never does. With it, a web
	// page rejects the credentials; another system's is of a gateway.
	Challenge string
	// Unknown is an error of the system with a code that is not in its table. The message must have the code.
	Unknown sandbox.Fault
	// Cases set up the situations that differ between systems, and those that need more than the common setup.
	Cases map[Situation]func(*testing.T) Case
	// Impossible has the reasons why situations cannot happen in this system.
	Impossible map[Situation]string
	// Errors are the rows of the vendor's own error table, by name.
	Errors map[string]ErrorCase
	// ImpossibleErrors has the reasons why the other rows of that table cannot happen.
	ImpossibleErrors map[string]string
}

// Run runs the whole table, then the vendor's own. A situation without a setup fails, unless it is declared impossible.
func Run(t *testing.T, suite Suite) {
	t.Helper()
	setups := suite.setups()
	for situation, own := range suite.Cases {
		setups[situation] = []setup{{newCase: own}}
	}
	for situation, want := range expectations() {
		t.Run(string(situation), func(t *testing.T) {
			t.Parallel()
			want := suite.adapt(situation, want)
			reason, impossible := suite.Impossible[situation]
			if _, echo := echoes()[situation]; echo && !impossible {
				reason, impossible = suite.Impossible[EchoedSecret]
			}
			if impossible {
				_, own := suite.Cases[situation]
				checkImpossible(t, reason, own)
				return
			}
			if len(setups[situation]) == 0 {
				t.Fatal("the suite has no setup for this situation")
			}
			for _, a := range setups[situation] {
				if len(setups[situation]) == 1 {
					_ = want.run(t, a.newCase(t)) // it reports its own errors
					continue
				}
				t.Run(a.where, func(t *testing.T) { _ = want.run(t, a.newCase(t)) })
			}
		})
	}
	t.Run(string(UnclearSixTimes), suite.unclearSixTimes)
	t.Run(string(UnclearSave), suite.unclearSave)
	for name, reason := range suite.ImpossibleErrors {
		t.Run("error/"+name, func(t *testing.T) {
			_, own := suite.Errors[name]
			checkImpossible(t, reason, own)
		})
	}
	for name, errorCase := range suite.Errors {
		t.Run("error/"+name, func(t *testing.T) {
			t.Parallel()
			tc := errorCase.Setup(t)
			fault := expectation{fault: errorCase.Fault, message: errorCase.Message, anyWait: true}.run(t, tc)
			if fault != nil && errorCase.Field != "" && fault.Field != errorCase.Field {
				t.Errorf("the fault has the field %q, want %q", fault.Field, errorCase.Field)
			}
		})
	}
}

// adapt returns what is expected of this system.
func (s Suite) adapt(situation Situation, want expectation) expectation {
	if situation == RefusalPage && s.Challenge == "" { // the system has no such answer: a gateway has sent it
		return expectations()[GatewayPage401]
	}
	if situation == UnknownCode {
		want.message = s.Unknown.Code
	}
	return want
}
