package target

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Settings are the fields of a connection that are not secret, as they were given.
type Settings map[string]string

// Credentials are the secret fields of a connection: one set, submitted whole. They show as a count, whatever prints
// them; reading a secret takes an index expression.
type Credentials map[string]string

// String tells how many secrets there are and nothing else.
func (c Credentials) String() string { return fmt.Sprintf("[%d secrets]", len(c)) }

// GoString keeps %#v from printing the secrets.
func (c Credentials) GoString() string { return c.String() }

// LogValue keeps log/slog from printing the secrets.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Account is what a sign-in needs: a system, the settings and credentials of a connection, and where calls may go.
type Account struct {
	System      *System
	Settings    Settings
	Credentials Credentials
	Network     Network
	// Tokens is where an OAuth system keeps what it hands out between sign-ins; nil keeps nothing.
	Tokens *Tokens
}

// Setting returns the value of a setting, or its declared default.
func (a Account) Setting(name string) string {
	if v, ok := a.Settings[name]; ok && v != "" {
		return v
	}
	f, _ := a.System.Field(name)
	return f.Default
}

// Grant is the way to sign in that settings and credentials make. The error is a *[Fault].
func (a Account) Grant() (Grant, error) {
	grant, err := a.System.Grant(a.Settings, a.Credentials)
	if err != nil {
		fault := &Fault{Code: Misconfigured, Message: err.Error(), Cause: err}
		if fieldErr, ok := errors.AsType[FieldError](err); ok {
			fault.Field = fieldErr.Field
		}
		return Grant{}, fault
	}
	return grant, nil
}

// Identity is who signed in, as far as the system tells.
type Identity struct {
	// Username is the name or the primary address of the account that signed in.
	Username string `json:"username,omitempty"`
	// UserID is the system's own identifier of that account.
	UserID string `json:"user_id,omitempty"`
	// OrganizationID is the system's own identifier of the organisation, or its domain.
	OrganizationID string `json:"organization_id,omitempty"`
	// OrganizationName is the organisation's name for people.
	OrganizationName string `json:"organization_name,omitempty"`
	// Host is where the account was signed in.
	Host string `json:"host,omitempty"`
}

// Expected is who must have signed in, and where. Empty members match everybody.
type Expected struct {
	// Username is compared without regard to letter case.
	Username string
	// OrganizationID is compared as the setting that names it is: see [Field].
	OrganizationID string
	// OrganizationField is the name of that setting, such as "tenant_id". It comes with OrganizationID.
	OrganizationField string
}

// Session is a signed-in account of a target system. It is used by one goroutine at a time unless the system's package
// says otherwise, and must be closed.
type Session interface {
	// Identity tells who signed in.
	Identity() Identity
	// Run runs one of the system's tests: for the service account if user is empty, else acting as the user with that
	// email address. It answers with one line on what was seen. Its errors are *Fault wherever the system gave a reason.
	Run(ctx context.Context, test Test, user string) (string, error)
	// Close gives up connections and logs off where the system knows that.
	Close() error
}

// Check is one step of a connection test.
type Check struct {
	// Name says what was tried: "sign_in", "identity", or the name of a test.
	Name string
	// Passed tells whether it worked.
	Passed bool
	// Message is one line on what was seen.
	Message string
	// Duration is how long it took.
	Duration time.Duration
}
