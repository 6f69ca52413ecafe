package engine_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// holding is a store that runs a function inside the next transaction that writes, before that is committed.
type holding struct {
	model.Store
	inside func()
}

func (h *holding) Update(ctx context.Context, f func(model.Tx) error, keys ...model.WriteKey) error {
	return h.Store.Update(ctx, func(tx model.Tx) error {
		err := f(tx)
		if inside := h.inside; inside != nil {
			h.inside = nil
			inside()
		}
		return err
	}, keys...)
}

// written are the objects that one of two writers changes.
type written struct{ userID, policyID, connectionID string }

// sideBySide are writers of objects of their own, each with a new name.
var sideBySide = map[string]func(w *fixture, o written, name string) error{
	"create a user": func(w *fixture, _ written, name string) error {
		_, err := w.CreateUser(w.as("pipeline", name, "body"), newUser(name+"@example.com", ""))
		return err
	},
	"create a policy": func(w *fixture, _ written, name string) error {
		_, err := w.CreatePolicy(w.as("pipeline", name, "body"), model.NewPolicy{Name: name, Interval: time.Hour})
		return err
	},
	"create a connection": func(w *fixture, _ written, name string) error {
		n := newMail(name)
		n.Verify = false // sign-ins with the same credentials wait for each other
		_, err := w.CreateConnection(w.as("pipeline", name, "body"), n)
		return err
	},
	"change a user": func(w *fixture, o written, name string) error {
		_, err := w.UpdateUser(w.ctx, o.userID, model.UserChange{DisplayName: &name, SyncPolicyID: &o.policyID})
		return err
	},
	"change a policy": func(w *fixture, o written, name string) error {
		_, err := w.UpdatePolicy(w.ctx, o.policyID, model.PolicyChange{Name: &name})
		return err
	},
	"change a connection": func(w *fixture, o written, name string) error {
		_, err := w.UpdateConnection(w.ctx, o.connectionID, model.ConnectionChange{Name: &name})
		return err
	},
	"compare credentials": func(w *fixture, o written, name string) error {
		wrong := model.Comparison{ConnectionID: o.connectionID, Credentials: password("wrong " + name)}
		_, err := w.CompareCredentials(w.ctx, []model.Comparison{wrong})
		return err
	},
	"confirm a delivery": func(w *fixture, _ written, name string) error { return w.ConfirmDelivery(w.ctx, name) },
	"reject a change": func(w *fixture, _ written, name string) error {
		if err := w.DeleteUser(w.ctx, name, 0); !errors.Is(err, model.ErrNotFound) {
			return fmt.Errorf("deleted a user that does not exist: %w", err)
		}
		return nil
	},
}

// Each of these writes while another one has written and is not committed. A writer that waited would wait for itself.
func TestPostgresWritersOfOtherObjectsDoNotWait(t *testing.T) {
	t.Parallel()
	p := newPeers(t, storetest.PostgreSQL(t))
	held := &holding{Store: p.one.store}
	p.one.Engine = engine.New(held, engine.Options{
		Systems: []*target.System{p.one.crm.System, p.one.mail.System}, Now: p.one.clock.Now,
	})
	objects := func(w *fixture, name string) written {
		policy := w.policy(name)
		must(w.CreateUser(w.run(name, name), newUser(name+"@example.com", "")))(t) // so that a delivery can be confirmed
		return written{w.user("of-"+name+"@example.com", true).ID, policy.ID, policy.EmailConnectionID}
	}
	own, others := objects(p.one, "one"), objects(p.other, "other")
	met := 0
	for first, write := range sideBySide {
		for second, writeAlso := range sideBySide {
			met++
			held.inside = func() {
				if err := writeAlso(p.other, others, fmt.Sprint("inner", met)); err != nil {
					t.Errorf("%s while another one was about to %s: %v", second, first, err)
				}
			}
			if err := write(p.one, own, fmt.Sprint("outer", met)); err != nil {
				t.Errorf("%s: %v", first, err)
			}
			if held.inside != nil {
				t.Errorf("%s: it wrote nothing", first)
			}
			p.one.clock.advance(api.ComparisonWindow)
		}
	}
}
