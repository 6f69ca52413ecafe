package engine_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// rounds is how often two writers meet in a test.
const rounds = 8

// wantOne fails the test unless one of two errors is nil and the other one is as expected.
func wantOne(t *testing.T, one, other, want error) {
	t.Helper()
	if other == nil {
		one, other = other, one
	}
	if one != nil || !errors.Is(other, want) {
		t.Errorf("errors %v and %v, want one to be %v", one, other, want)
	}
}

func newUser(email, policyID string) model.NewUser {
	return model.NewUser{Email: email, Enabled: true, SyncPolicyID: policyID}
}

func TestRepeatedRequestAtOnceRunsOnce(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		for i := range rounds {
			var ids [2]string
			create := func(w *fixture, id *string) error {
				u, err := w.CreateUser(w.as("pipeline", fmt.Sprint("key ", i), "body"), newUser(fmt.Sprintf("%d@example.com", i), ""))
				*id = u.ID
				return err
			}
			one, other := p.atOnce(
				func() error { return create(p.one, &ids[0]) }, func() error { return create(p.other, &ids[1]) })
			if one != nil || other != nil || ids[0] != ids[1] {
				t.Fatalf("created %q, %v, %v", ids, one, other)
			}
		}
	})
}

func TestNameGivenTwiceAtOnceIsTaken(t *testing.T) {
	t.Parallel()
	connection := newMail("")
	connection.Verify = false
	for object, create := range map[string]func(w *fixture, name string) error{
		"user": func(w *fixture, name string) error {
			_, err := w.CreateUser(w.ctx, newUser(name+"@example.com", ""))
			return err
		},
		"policy": func(w *fixture, name string) error {
			_, err := w.CreatePolicy(w.ctx, model.NewPolicy{Name: name, Interval: time.Hour})
			return err
		},
		"connection": func(w *fixture, name string) error {
			n := connection
			n.Name = name
			_, err := w.CreateConnection(w.ctx, n)
			return err
		},
	} {
		t.Run(object, func(t *testing.T) {
			t.Parallel()
			eachPeers(t, func(t *testing.T, p peers) {
				for i := range rounds {
					one, other := p.atOnce(
						func() error { return create(p.one, fmt.Sprint("Straße", i)) },
						func() error { return create(p.other, fmt.Sprint("STRASSE", i)) })
					wantOne(t, one, other, model.ErrNameTaken)
					if taken := new(model.NameTakenError); !errors.As(errors.Join(one, other), &taken) || taken.ID == "" {
						t.Errorf("the error does not say whose name it is: %v, %v", one, other)
					}
				}
			})
		})
	}
}

func TestRenamesToOneNameAtOnce(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		a, b := p.one.user("a@example.com", true), p.one.user("b@example.com", true)
		for i := range rounds {
			rename := func(w *fixture, id string) func() error {
				return func() error {
					_, err := w.UpdateUser(w.ctx, id, model.UserChange{Email: new(fmt.Sprintf("%d@example.com", i))})
					return err
				}
			}
			one, other := p.atOnce(rename(p.one, a.ID), rename(p.other, b.ID))
			wantOne(t, one, other, model.ErrNameTaken)
		}
	})
}

func TestChangesOfOneRevisionAtOnce(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		u, policy := p.one.user("a@example.com", true), p.one.policy("Sync")
		connection := p.one.create(newMail("Mail"))
		for i := range int64(rounds) {
			one, other := p.both(func(w *fixture) error {
				_, err := w.UpdateUser(w.ctx, u.ID, model.UserChange{DisplayName: new(fmt.Sprint(w == p.one, i)), Revision: i + 1})
				return err
			})
			wantOne(t, one, other, model.ErrRevision)
			one, other = p.both(func(w *fixture) error {
				change := model.PolicyChange{Name: new(fmt.Sprint(w == p.one, i)), Revision: i + 1}
				_, err := w.UpdatePolicy(w.ctx, policy.ID, change)
				return err
			})
			wantOne(t, one, other, model.ErrRevision)
			one, other = p.both(func(w *fixture) error {
				change := model.ConnectionChange{Name: new(fmt.Sprint(w == p.one, i)), Revision: i + 1}
				_, err := w.UpdateConnection(w.ctx, connection.ID, change)
				return err
			})
			wantOne(t, one, other, model.ErrRevision)
		}
	})
}

func TestPolicyIsNotDeletedWhileUserIsAssigned(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		for i := range rounds {
			policy := must(p.one.CreatePolicy(p.one.ctx, model.NewPolicy{Name: strconv.Itoa(i), Interval: time.Hour}))(t)
			assign, remove := p.atOnce(
				func() error {
					_, err := p.one.CreateUser(p.one.ctx, newUser(fmt.Sprintf("%d@example.com", i), policy.ID))
					return err
				},
				func() error { return p.other.DeletePolicy(p.other.ctx, policy.ID, 0) })
			invalid, inUse := new(model.InvalidError), new(model.PolicyInUseError)
			assigned := assign == nil && errors.As(remove, &inUse)
			if removed := remove == nil && errors.As(assign, &invalid); assigned == removed {
				t.Errorf("assign: %v, delete: %v", assign, remove)
			}
		}
	})
}

func TestConnectionIsNotDeletedWhilePolicyNamesIt(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		crm := p.one.create(newCRM("CRM"))
		for i := range rounds {
			mail := p.one.create(newMail(strconv.Itoa(i)))
			made, remove := p.atOnce(
				func() error {
					_, err := p.one.CreatePolicy(p.one.ctx, model.NewPolicy{
						Name: strconv.Itoa(i), CRMConnectionID: crm.ID, EmailConnectionID: mail.ID, Enabled: true, Interval: time.Hour,
					})
					return err
				},
				func() error { return p.other.DeleteConnection(p.other.ctx, mail.ID, 0) })
			invalid, inUse := new(model.InvalidError), new(model.InUseError)
			kept := made == nil && errors.As(remove, &inUse)
			if removed := remove == nil && errors.As(made, &invalid); kept == removed {
				t.Errorf("make the policy: %v, delete the connection: %v", made, remove)
			}
		}
	})
}

// A test of the replaced credentials says nothing about the new ones, and does not blank them.
func TestCredentialsChangeWhileTestIsSaved(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		for range rounds {
			n := newMail("Mail")
			n.Credentials, n.Verify = password("wrong"), false
			c := p.one.create(n)
			test, change := p.atOnce(
				func() error {
					_, err := p.one.TestConnection(p.one.ctx, c.ID, model.TestRequest{})
					return err
				},
				func() error {
					_, err := p.other.UpdateConnection(p.other.ctx, c.ID,
						model.ConnectionChange{Credentials: password("right"), Verify: true})
					return err
				})
			if test != nil {
				t.Errorf("test: %v", test)
			}
			if got := p.one.read(c.ID); change != nil || got.Status() != model.StatusWorking || !p.one.test(c.ID).Passed {
				t.Errorf("after the change: %v, %+v", change, got)
			}
			if err := p.one.DeleteConnection(p.one.ctx, c.ID, 0); err != nil {
				t.Fatal(err)
			}
			p.one.clock.advance(time.Hour) // the rejections of this round are forgotten
		}
	})
}

func TestComparisonsAtOnceAreCountedExactly(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		c := p.one.create(newMail("Mail"))
		var unequal, withheld atomic.Int32
		one, other := p.both(func(w *fixture) error {
			for i := range api.MaxUnequalComparisons {
				found, err := w.CompareCredentials(w.ctx, []model.Comparison{
					{ConnectionID: c.ID, Credentials: password(fmt.Sprint(w == p.one, i))},
				})
				switch {
				case err != nil:
					return err
				case found[0] == model.ComparisonUnequal:
					unequal.Add(1)
				case found[0] == model.ComparisonWithheld:
					withheld.Add(1)
				}
			}
			return nil
		})
		if one != nil || other != nil || unequal.Load() != api.MaxUnequalComparisons || withheld.Load() != unequal.Load() {
			t.Errorf("%d unequal, %d withheld, %v, %v", unequal.Load(), withheld.Load(), one, other)
		}
	})
}

func TestUndeliveredResultIsForOneRun(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		for i := range rounds {
			n := newUser(fmt.Sprintf("%d@example.com", i), "")
			must(p.one.CreateUser(p.one.run("run 0", fmt.Sprint("key ", i)), n))(t) // then the run is killed
			one, other := p.both(func(w *fixture) error {
				run := fmt.Sprint("run ", w == p.one)
				_, err := w.CreateUser(w.run(run, fmt.Sprint(run, " key ", i)), n)
				return err
			})
			wantOne(t, one, other, model.ErrNameTaken)
		}
	})
}

func TestRejectionsAtOnceAreCountedExactly(t *testing.T) {
	t.Parallel()
	eachPeers(t, func(t *testing.T, p peers) {
		c := p.one.create(newMail("Mail"))
		p.one.mail.set(func(f *fake) { f.password = "changed" })
		calls := p.one.mail.calls()
		one, other := p.both(func(w *fixture) error {
			for range 3 {
				r, err := w.TestConnection(w.ctx, c.ID, model.TestRequest{})
				if err != nil || r.Fault == nil || r.Fault.Code != target.GivenCredentials {
					return fmt.Errorf("%+v: %w", r, err)
				}
			}
			return nil
		})
		if one != nil || other != nil || p.one.mail.calls() != calls+2 {
			t.Errorf("sent %d times, %v, %v", p.one.mail.calls()-calls, one, other)
		}
	})
}
