package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// AccountKind is the type of account that a connection test uses.
type AccountKind string

// The accounts of a connection test.
const (
	ServiceAccount AccountKind = "service_account"
	UserAccount    AccountKind = "user"
)

// TestRequest is a request to run one connection test: an account and a test.
type TestRequest struct {
	Account   AccountKind
	UserEmail string
	Test      target.Test
	// Force contacts the target system even if it rejected the same credentials before.
	Force bool
}

// TestResult is the result of a connection test.
type TestResult struct {
	ID           string
	ConnectionID string
	TestRequest
	Passed bool
	// Summary is one line: the fault's title, or which test passed.
	Summary  string
	Fault    *Fault
	Identity *target.Identity
	Checks   []target.Check
	TestedAt time.Time
	// Remembered means that the target system was not contacted: the fault is the result of an earlier sign-in.
	Remembered bool
	// Warnings are the warnings about the connection at the time of the test.
	Warnings []string
}

// TestFilter narrows a list of connection tests. Empty members match everything.
type TestFilter struct {
	// Passed matches tests with this result.
	Passed *bool
}

// IsQuick reports whether this is the quick test, which tests the connection itself.
func (r TestRequest) IsQuick() bool { return r.Account == ServiceAccount && r.Test == target.General }

// Subject describes the account of a test, for messages.
func (r TestRequest) Subject() string {
	if r.Account == UserAccount {
		return "the user " + r.UserEmail
	}
	return "the service account"
}

// WithDefaults returns the request with missing members replaced by those of the quick test.
func (r TestRequest) WithDefaults() TestRequest {
	if r.Account == "" {
		r.Account = ServiceAccount
	}
	if r.Test == "" {
		r.Test = target.General
	}
	return r
}
