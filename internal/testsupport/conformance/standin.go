package conformance

import (
	"slices"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// StandIn is the common interface of the stand-ins of all systems.
type StandIn interface {
	Fail(fault sandbox.Fault, times int) error
	Clear(kinds ...sandbox.Kind)
	SignIns() sandbox.SignIns
	Requests() []sandbox.Request
	CA() string
}

// FailUntilCleared makes a stand-in fail until it is cleared.
func FailUntilCleared(t *testing.T, standIn StandIn, fault sandbox.Fault) {
	t.Helper()
	if err := standIn.Fail(fault, sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
}

// Update changes one of the users of a stand-in.
func Update[P any](t *testing.T, standIn interface {
	Update(name string, change func(*P)) error
}, name string, change func(*P),
) {
	t.Helper()
	if err := standIn.Update(name, change); err != nil {
		t.Fatal(err)
	}
}

// Calls returns the requests of an operation that reached a stand-in.
func Calls(standIn StandIn, operation string) []sandbox.Request {
	return slices.DeleteFunc(standIn.Requests(), func(r sandbox.Request) bool { return r.Operation != operation })
}

// At completes an account of a stand-in: it trusts the stand-in's authority, has timeouts that a busy machine keeps, and has its
// own tokens. Further settings are alternating names and values.
func At(standIn StandIn, a target.Account, more ...string) target.Account {
	a.Network = target.Network{LoopbackHTTP: true, ConnectTimeout: 20 * time.Second, ResponseTimeout: 20 * time.Second}
	a.Tokens = new(target.Tokens)
	if ca := standIn.CA(); ca != "" {
		a.Settings[target.CACertificate] = ca
	}
	for i := 0; i+1 < len(more); i += 2 {
		a.Settings[more[i]] = more[i+1]
	}
	return a
}
