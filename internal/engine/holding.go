package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// maxHoldings bounds the connections whose tokens are kept; of one more, somebody has to fetch a token again.
	maxHoldings = 1000
	// maxForms bounds the forms of a set of credentials that are recognised as the same set.
	maxForms = 8
)

// holding is what is kept in memory for one set of credentials: the tokens that the target system handed out for it, and
// the forms that the set had while the system rotated secrets of it. It belongs to one connection and is never shared.
type holding struct {
	tokens *target.Tokens
	// binding is what the credentials were given for: nothing handed out for them goes anywhere else.
	binding string

	mu sync.Mutex
	// settings are those that the access token in use was fetched with.
	settings target.Settings
	// forms begins with the set as it was stored or submitted; then come the forms that replaced it, newest last.
	forms []target.Credentials
}

func hold(s *target.System, settings target.Settings, c target.Credentials) *holding {
	return &holding{
		tokens: new(target.Tokens), binding: s.Binding(settings),
		settings: maps.Clone(settings), forms: []target.Credentials{maps.Clone(c)},
	}
}

// renewed is a set of credentials with what the system rotated in place of what it was shown, and whether that is any
// different. A secret that was not ours to begin with stays: somebody else, perhaps another process, put it there since.
func (h *holding) renewed(c target.Credentials) (target.Credentials, bool) {
	rotated := h.tokens.Rotated()
	h.mu.Lock()
	defer h.mu.Unlock()
	renewed, changed := maps.Clone(c), false
	for name, secret := range rotated {
		was, there := c[name]
		ours := there && slices.ContainsFunc(h.forms, func(form target.Credentials) bool { return form[name] == was })
		if ours && was != secret {
			renewed[name], changed = secret, true
		}
	}
	return renewed, changed
}

// add recognises one more form from now on. It is called before that is committed, so that whoever reads the form finds
// it known; should the commit fail, the form before it still is.
func (h *holding) add(form target.Credentials) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.forms = append(h.forms, maps.Clone(form))
	h.forms = h.forms[max(0, len(h.forms)-maxForms):]
}

// fits tells whether stored credentials are the set of the holding, in whatever form.
func (h *holding) fits(binding string, stored target.Credentials) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.binding == binding &&
		slices.ContainsFunc(h.forms, func(form target.Credentials) bool { return maps.Equal(form, stored) })
}

// with takes up settings. An access token that was fetched with others is given up.
func (h *holding) with(settings target.Settings) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !maps.Equal(h.settings, settings) {
		h.settings = maps.Clone(settings)
		h.begin()
	}
}

// begin gives up the access token, so that the next sign-in is one.
func (h *holding) begin() {
	if access := h.tokens.Access(time.Time{}); access != nil {
		h.tokens.Refuse(access)
	}
}

// holdings are those of connections. The zero value is empty.
type holdings struct {
	mu  sync.Mutex
	all map[string]*holding
}

// of gives the holding of a connection with the credentials that are stored; a new one if they are another set than
// before.
func (h *holdings) of(id string, s *target.System, settings target.Settings, stored target.Credentials) *holding {
	h.mu.Lock()
	defer h.mu.Unlock()
	if found, ok := h.all[id]; ok && found.fits(s.Binding(settings), stored) {
		found.with(settings)
		return found
	}
	made := hold(s, settings, stored)
	h.keep(id, made)
	return made
}

// put makes a holding the connection's own.
func (h *holdings) put(id string, own *holding) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.keep(id, own)
}

// keep needs the lock.
func (h *holdings) keep(id string, own *holding) {
	if h.all == nil {
		h.all = map[string]*holding{}
	}
	if _, known := h.all[id]; !known && len(h.all) >= maxHoldings {
		for other := range h.all {
			delete(h.all, other)
			break
		}
	}
	h.all[id] = own
}

func (h *holdings) drop(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.all, id)
}

// keepRotated puts what the target system rotated in place of what is stored, as far as that is what the system was
// shown. Nobody submitted anything: what comparisons look at, revision and times stay. c is the connection as it is now.
func (e *Engine) keepRotated(ctx context.Context, tx model.Tx, a *armed, c model.Connection) error {
	if a.held == nil || len(a.held.tokens.Rotated()) == 0 || c.Blanked {
		return nil
	}
	s := a.account.System
	if s.Binding(c.Settings) != a.held.binding {
		return nil
	}
	stored, err := openCredentials(ctx, tx, &c, s)
	if err != nil {
		return err
	}
	renewed, changed := a.held.renewed(stored)
	if !changed {
		return nil
	}
	if err := tx.PutCredentials(ctx, c.ID, a.held.binding, renewed); err != nil {
		return fmt.Errorf("seal the rotated credentials: %w", err)
	}
	a.held.add(renewed)
	return nil
}

// rescue keeps what was rotated where no finding came to be written down, such as after a caller that went away: the
// system takes the old secrets no more.
func (e *Engine) rescue(ctx context.Context, a *armed) {
	if a == nil || a.held == nil || a.connection.ID == "" || len(a.held.tokens.Rotated()) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTime)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		c, err := tx.Connection(ctx, a.connection.ID)
		if errors.Is(err, model.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		return e.keepRotated(ctx, tx, a, c)
	})
	if err != nil {
		e.log.ErrorContext(ctx, "keep rotated credentials", "connection", a.connection.ID, "error", err)
	}
}
