//go:build unix

package servetest_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

const (
	// writeClients is how many clients write at the same time.
	writeClients = 5
	// perUser is how many writes concern one user at most: it is created and changed, and every second one is deleted.
	perUser = 3
)

// writes are changes of users by several clients at the same time. Each acknowledged one is to be in the audit trail once.
type writes struct {
	// allowed has an element for each write that may begin, and acknowledged gets one for each that has ended.
	allowed, acknowledged chan struct{}
	running               sync.WaitGroup

	mu     sync.Mutex
	events map[string]int // "action id", and how often the audit trail is to have it
	users  map[string]api.User
}

// startWrites starts the clients. They end when no more writes are allowed.
func startWrites(t *testing.T, c *api.Client, number int) *writes {
	t.Helper()
	w := &writes{
		allowed: make(chan struct{}, number), acknowledged: make(chan struct{}, number),
		events: map[string]int{}, users: map[string]api.User{},
	}
	for i := range writeClients {
		w.running.Go(func() {
			for j := 0; w.changeUser(t, c, fmt.Sprintf("user-%d-%d@example.com", i, j), j%2 == 0); j++ {
				continue
			}
		})
	}
	return w
}

// changeUser creates and changes a user, and deletes it again. It returns false if no more writes are allowed.
func (w *writes) changeUser(t *testing.T, c *api.Client, email string, remove bool) bool {
	ctx, name := t.Context(), "Changed"
	var u api.User
	for i, do := range [perUser]func() error{
		func() (err error) {
			u, err = c.CreateUser(ctx, api.CreateUser{Email: email, Enabled: true})
			return err
		},
		func() (err error) {
			u, err = c.UpdateUser(ctx, u.ID, u.Revision, api.UpdateUser{DisplayName: &name})
			return err
		},
		func() error { return c.DeleteUser(ctx, u.ID) },
	} {
		action := [...]string{"user.create", "user.update", "user.delete"}[i]
		if action == "user.delete" && !remove {
			return true
		}
		if _, ok := <-w.allowed; !ok {
			return false
		}
		if err := do(); err != nil {
			t.Errorf("%s of %s: %v", action, email, err)
		}
		w.mu.Lock()
		w.events[action+" "+u.ID]++
		w.users[u.ID] = u
		if action == "user.delete" {
			delete(w.users, u.ID)
		}
		w.mu.Unlock()
		w.acknowledged <- struct{}{}
	}
	return true
}

// expectOnce expects that the control plane has each acknowledged change once, and no others.
func (w *writes) expectOnce(t *testing.T, c *api.Client) {
	t.Helper()
	found := map[string]int{}
	events, err := c.AuditEvents(t.Context(), api.AuditFilter{Actor: "pipeline"}, 0)
	must(t, err)
	for _, e := range events {
		found[e.Action+" "+e.ObjectID]++
		if e.Outcome != api.OutcomeDone {
			t.Errorf("the audit trail has %+v", e)
		}
	}
	for event, times := range w.events {
		if found[event] != times {
			t.Errorf("the audit trail has %q %d times, want %d", event, found[event], times)
		}
	}
	if len(found) != len(w.events) {
		t.Errorf("the audit trail has %d changes, %d were acknowledged", len(found), len(w.events))
	}
	users, err := c.Users(t.Context(), api.UserFilter{})
	must(t, err)
	for _, u := range users {
		if known, ok := w.users[u.ID]; !ok || known.Revision != u.Revision || known.DisplayName != u.DisplayName {
			t.Errorf("there is %+v, acknowledged was %+v", u, known)
		}
	}
	if len(users) != len(w.users) {
		t.Errorf("there are %d users, want %d", len(users), len(w.users))
	}
}

// killPoints are the numbers of acknowledged writes after which a replica is killed.
func killPoints(random *rand.Rand, kills, number int) []int {
	points := random.Perm(number - 2*writeClients)[:kills]
	slices.Sort(points)
	return points
}

// Clients write while replicas are killed and started again. The client repeats what failed with the same idempotency key, and
// each write takes effect once.
func TestWritesSurviveKilledReplicas(t *testing.T) {
	t.Parallel()
	const seed = 20261201
	for name, c := range map[string]struct {
		database                func(testing.TB) storetest.Database
		replicas, number, kills int
	}{
		"SQLite":     {storetest.SQLite, 1, 40, 4},
		"PostgreSQL": {storetest.PostgreSQL, 2, 100, 10},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := c.database(t)
			issued := servetest.Register(t, d, api.ScopeRead, api.ScopeWrite, api.ScopeAdmin)
			environment := append(servetest.Environment(d), "RIVA_PUBLIC_URL="+servetest.PublicURL)
			var replicas []*servetest.Process
			for range c.replicas {
				replicas = append(replicas, servetest.Start(t, environment))
			}
			balancer := servetest.NewBalancer(t, replicas...)
			client := balancer.Client(t, issued)
			random := rand.New(rand.NewPCG(seed, uint64(c.number)))
			w := startWrites(t, client, c.number)
			allowed, acknowledged := 0, 0
			allow := func(upTo int) {
				for ; allowed < upTo; allowed++ {
					w.allowed <- struct{}{}
				}
			}
			for _, point := range killPoints(random, c.kills, c.number) {
				allow(point + writeClients) // so that others are under way
				for ; acknowledged < point; acknowledged++ {
					<-w.acknowledged
				}
				i := random.IntN(len(replicas))
				replicas[i].Kill(t)
				replicas[i] = servetest.Start(t, environment)
				balancer.Replace(i, replicas[i])
			}
			allow(c.number)
			close(w.allowed)
			w.running.Wait()
			w.expectOnce(t, client)
		})
	}
}
