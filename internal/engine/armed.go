package engine

import (
	"context"
	"maps"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// armed is a connection, as it is stored, with what it takes to sign in: as it is, or as a candidate for it would.
type armed struct {
	// connection has no id before it is made.
	connection model.Connection
	// account has no credentials if they were wiped.
	account target.Account
	// held belongs to the account's credentials; nil if they were wiped.
	held *holding
	// stored tells that all of it is what is stored: a test of the connection would sign in with the same.
	stored bool
	// afresh signs in anew, whatever token is in use.
	afresh bool
}

// arm opens the stored credentials of a connection.
func (e *Engine) arm(ctx context.Context, tx model.Tx, id string) (*armed, error) {
	c, err := readConnection(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	s, err := e.systemOf(c)
	if err != nil {
		return nil, err
	}
	if c.Blanked {
		return &armed{connection: c, account: e.account(s, c.Settings, nil)}, nil
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if err != nil {
		return nil, err
	}
	return e.armStored(c, s, c.Settings, stored), nil
}

// armStored takes the stored credentials of a connection, with its own tokens. The settings may be a candidate's.
func (e *Engine) armStored(c model.Connection, s *target.System, settings target.Settings, stored target.Credentials) *armed {
	return &armed{
		connection: c, account: e.account(s, settings, stored), held: e.held.of(c.ID, s, settings, stored),
		stored: maps.Equal(settings, c.Settings),
	}
}

// armSubmitted takes credentials that are not stored, or not yet, with tokens of their own.
func (e *Engine) armSubmitted(c model.Connection, s *target.System, settings target.Settings, set target.Credentials) *armed {
	return &armed{connection: c, account: e.account(s, settings, set), held: hold(s, settings, set)}
}

// ready is the account to sign in with now: the system may have rotated a secret since the credentials were read.
func (a *armed) ready() target.Account {
	account := a.account
	account.Credentials, _ = a.held.renewed(account.Credentials)
	account.Tokens = a.held.tokens
	if a.afresh {
		a.held.begin()
	}
	return account
}
