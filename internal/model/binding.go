package model

import "github.com/terraform-provider-riva/terraform-provider-riva/internal/target"

// Binding is what sealed credentials are bound to. Under any other binding they cannot be opened: a row that was copied, that
// was put back after other credentials were submitted, or whose settings were edited in the database, is of no use.
type Binding struct {
	ConnectionID string
	// SetID is the id of the submitted set of credentials, see [Connection].
	SetID string
	// Settings is the canonical text of the settings that the credentials are bound to, see [target.System.Binding].
	Settings string
	// Scheme is the authentication scheme that proved the credentials; empty if none is known, see [Connection].
	Scheme string
}

// BindingOf returns what the credentials of a connection to a system are sealed with.
func BindingOf(c *Connection, s *target.System) Binding {
	return Binding{
		ConnectionID: c.ID, SetID: c.CredentialsSetID, Settings: s.Binding(c.Settings), Scheme: c.CredentialsScheme,
	}
}
