package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// AccountKind says whom a connection test is about.
type AccountKind string

// The accounts of a connection test.
const (
	ServiceAccount AccountKind = "service_account"
	UserAccount    AccountKind = "user"
)

// TestRequest asks for one connection test: an account and a test.
type TestRequest struct {
	Account   AccountKind
	UserEmail string
	Test      target.Test
	// Force sends credentials that the target refused again, although a refusal is remembered.
	Force bool
}

// TestResult is what a connection test found.
type TestResult struct {
	ID           string
	ConnectionID string
	TestRequest
	Passed bool
	// Summary is one line: the fault's title, or what passed.
	Summary  string
	Fault    *Fault
	Identity *target.Identity
	Checks   []target.Check
	TestedAt time.Time
	// Remembered tells that the target was not asked: the fault is the answer it gave before.
	Remembered bool
	// Warnings are those of the connection's, at the time of the test.
	Warnings []string
}

// IsQuick reports whether this is the quick test, which is about the connection itself.
func (r TestRequest) IsQuick() bool { return r.Account == ServiceAccount && r.Test == target.General }

// Subject names the account of a test in words.
func (r TestRequest) Subject() string {
	if r.Account == UserAccount {
		return "the user " + r.UserEmail
	}
	return "the service account"
}

// WithDefaults completes a request to the quick test.
func (r TestRequest) WithDefaults() TestRequest {
	if r.Account == "" {
		r.Account = ServiceAccount
	}
	if r.Test == "" {
		r.Test = target.General
	}
	return r
}
