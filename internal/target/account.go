package target

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Settings are the fields of a connection that are not secret, as the user wrote them.
type Settings map[string]string

// Credentials are the secret fields of a connection: one set, submitted as a whole. Printing them shows a count only;
// reading a secret takes an index expression.
type Credentials map[string]string

// String returns the number of secrets and nothing else.
func (c Credentials) String() string { return fmt.Sprintf("[%d secrets]", len(c)) }

// GoString prevents %#v from printing the secrets.
func (c Credentials) GoString() string { return c.String() }

// LogValue prevents log/slog from printing the secrets.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Account is what a sign-in needs: a system, the settings and credentials of a connection, and where calls may go.
type Account struct {
	System      *System
	Settings    Settings
	Credentials Credentials
	Network     Network
	// Tokens is where an OAuth system stores its tokens between sign-ins; nil stores nothing.
	Tokens *Tokens
	// Scheme is the authentication scheme that proved the credentials at an earlier sign-in; empty if none is known. Where the offer
	// of the server decides the scheme, a weaker one is refused, see [Account.CheckScheme].
	Scheme string
}

// Setting returns the value of a setting, or its declared default.
func (a Account) Setting(name string) string {
	if v, ok := a.Settings[name]; ok && v != "" {
		return v
	}
	f, _ := a.System.Field(name)
	return f.Default
}

// Grant returns the grant that matches the settings and credentials. The error is a *[Fault].
func (a Account) Grant() (Grant, error) {
	grant, err := a.System.Grant(a.Settings, a.Credentials)
	if err != nil {
		fault := &Fault{Code: Misconfigured, Message: Say("%s", err), Cause: err}
		if fieldErr, ok := errors.AsType[FieldError](err); ok {
			fault.Field = fieldErr.Field
		}
		return Grant{}, fault
	}
	return grant, nil
}

// Identity is the account that signed in. Members that the system does not report are empty.
type Identity struct {
	// Username is the name or the primary address of the account that signed in.
	Username string `json:"username,omitempty"`
	// UserID is the system's own identifier of that account.
	UserID string `json:"user_id,omitempty"`
	// OrganizationID is the system's own identifier of the organization, or its domain.
	OrganizationID string `json:"organization_id,omitempty"`
	// OrganizationName is the display name of the organization.
	OrganizationName string `json:"organization_name,omitempty"`
	// Host is where the account was signed in.
	Host string `json:"host,omitempty"`
}

// Expected is the account that must have signed in, and its organization. Empty members match everything.
type Expected struct {
	// Username is compared without regard to letter case.
	Username string
	// OrganizationID is compared like the setting that names it: see [Field].
	OrganizationID string
	// OrganizationField is the name of that setting, such as "tenant_id". It is set if OrganizationID is.
	OrganizationField string
}

// Session is a signed-in account of a target system. It is used by one goroutine at a time unless the system's package
// says otherwise, and must be closed.
type Session interface {
	// Identity returns the account that signed in.
	Identity() Identity
	// Scheme returns the authentication scheme that proved the credentials, if the offer of the server decided it; empty otherwise.
	Scheme() string
	// Run runs one of the system's tests: for the service account if user is empty, else acting as the user with that
	// email address. It returns a sentence or two about the result. Its errors are *Fault wherever the system reported a reason.
	Run(ctx context.Context, test Test, user string) (Text, error)
	// Close closes connections, and logs off where the system supports that: also if the context has ended.
	Close(ctx context.Context) error
}

// Check is one step of a connection test.
type Check struct {
	// Name is the step: "sign_in", "identity", or the name of a test.
	Name string
	// Passed reports whether the step succeeded.
	Passed bool
	// Message is one line about the result.
	Message string
	// Duration is how long the step took.
	Duration time.Duration
}
