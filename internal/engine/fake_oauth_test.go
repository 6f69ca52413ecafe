package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// cloud is a target system with OAuth, whose refresh tokens live in memory.
type cloud struct {
	*target.System

	mu sync.Mutex
	// good are the refresh tokens that it takes. One that it rotates is good no more, unless it is lenient.
	good            []string
	rotate, lenient bool
	// expire makes each access token good for one sign-in only.
	expire bool
	// down is what every call meets before a token is looked at, fault what a sign-in meets after it.
	down, fault *target.Fault
	// unreadable is what reading the metadata meets.
	unreadable *target.Fault
	// identity, if set, signs in whatever the username is.
	identity string
	// before, if set, runs once, during the next request for a token.
	before func(context.Context)
	// during, if set, runs during each test.
	during func(context.Context) error
	// digest is that of the metadata.
	digest string

	// fetched are the refresh tokens that were shown to it, read counts the readings of the metadata.
	fetched []string
	read    int
	signIns int
}

func newCloud() *cloud {
	f := &cloud{good: []string{"first"}, digest: "d1"}
	f.System = &target.System{
		Name: "cloud", Title: "Fake cloud", Kind: target.CRM, Revalidates: true,
		Fields: []target.Field{
			{Name: "url", Type: target.URL, Required: true, Binds: true},
			{Name: "username", Type: target.String, Required: true, Binds: true},
			{Name: "region", Type: target.String},
			{Name: "refresh_token", Secret: true},
			{Name: "client_secret", Secret: true},
		},
		Grants:   []target.Grant{{Name: "refresh_token", Secrets: []string{"refresh_token"}, Optional: []string{"client_secret"}}},
		Tests:    []target.Test{target.General, target.Calendar, target.Metadata},
		UserTest: target.Calendar,
		Expected: func(a target.Account) target.Expected { return target.Expected{Username: a.Setting("username")} },
		SignIn:   f.signIn,
		Metadata: target.NewMetadataReader("objects", (*cloudSession).Metadata),
	}
	return f
}

func (f *cloud) signIn(ctx context.Context, a target.Account) (target.Session, error) {
	f.mu.Lock()
	f.signIns++
	down := f.down
	f.mu.Unlock()
	if down != nil {
		return nil, down
	}
	if _, err := a.Tokens.Fetch(time.Now(), func() (*oauth2.Token, error) { return f.fetch(ctx, a) }); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.fault != nil {
		return nil, f.fault
	}
	identity := f.identity
	if identity == "" {
		identity = a.Setting("username")
	}
	return &cloudSession{system: f, account: a, identity: identity}, nil
}

func (f *cloud) fetch(ctx context.Context, a target.Account) (*oauth2.Token, error) {
	shown := a.Credentials["refresh_token"] // in the form to use now, although it may have been rotated a moment ago
	f.mu.Lock()
	before := f.before
	f.before = nil
	f.mu.Unlock()
	if before != nil {
		before(ctx)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fetched = append(f.fetched, shown)
	if !slices.Contains(f.good, shown) {
		return nil, auditOutcome("The refresh token is not good.")
	}
	if f.rotate {
		next := fmt.Sprintf("rotated-%d", len(f.fetched))
		if !f.lenient {
			f.good = slices.DeleteFunc(f.good, func(token string) bool { return token == shown })
		}
		f.good = append(f.good, next)
		a.Tokens.Rotate("refresh_token", next)
	}
	token := &oauth2.Token{AccessToken: fmt.Sprintf("access-%d", len(f.fetched))}
	if f.expire {
		token.Expiry = time.Now().Add(time.Second)
	}
	return token, nil
}

// set changes the system while it may be in use.
func (f *cloud) set(change func(*cloud)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	change(f)
}

// shown lists the refresh tokens that were shown to the system.
func (f *cloud) shown() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.fetched)
}

func (f *cloud) reads() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.read
}

func (f *cloud) calls() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.signIns
}

type cloudSession struct {
	system   *cloud
	account  target.Account
	identity string
}

func (s *cloudSession) Identity() target.Identity { return target.Identity{Username: s.identity} }

func (s *cloudSession) Run(ctx context.Context, test target.Test, _ string) (string, error) {
	s.system.mu.Lock()
	during := s.system.during
	s.system.mu.Unlock()
	if during != nil {
		if err := during(ctx); err != nil {
			return "", err
		}
	}
	return string(test) + " works.", nil
}

func (s *cloudSession) Metadata(context.Context) (target.Snapshot, error) {
	s.system.mu.Lock()
	defer s.system.mu.Unlock()
	s.system.read++
	if s.system.unreadable != nil {
		return target.Snapshot{}, s.system.unreadable
	}
	return target.Snapshot{Objects: []string{"Account", "Contact"}, Digest: s.system.digest}, nil
}

func (s *cloudSession) Close() error { return nil }

// withCloud puts a cloud into a world.
func withCloud(f *cloud) func(*engine.Options) {
	return func(o *engine.Options) { o.Systems = append(o.Systems, f.System) }
}

// cloudFixture is a world with a cloud in it, and a connection to it.
type cloudFixture struct {
	*fixture
	cloud *cloud
	id    string
}

func token(refresh string) target.Credentials { return target.Credentials{"refresh_token": refresh} }

func newCloudConnection(name string) model.NewConnection {
	return model.NewConnection{
		Name: name, System: "cloud", Settings: settings(), Credentials: token("first"), Verify: true,
	}
}

// newCloudFixture has a connection to the cloud that nobody has tried yet.
func newCloudFixture(t *testing.T, options ...func(*engine.Options)) *cloudFixture {
	t.Helper()
	f := newCloud()
	w := &cloudFixture{fixture: newFixture(t, append(options, withCloud(f))...), cloud: f}
	n := newCloudConnection("Cloud")
	n.Verify = false
	w.id = w.create(n).ID
	return w
}

// another is a second process on the same store: it remembers nothing.
func (w *cloudFixture) another() *engine.Engine {
	w.t.Helper()
	systems := []*target.System{w.crm.System, w.mail.System, w.cloud.System}
	e := engine.New(w.store, engine.Options{Systems: systems, Now: w.clock.Now})
	w.t.Cleanup(func() {
		if err := e.Close(context.Background()); err != nil {
			w.t.Error(err)
		}
	})
	return e
}

// stored is the refresh token that a process which remembers nothing signs in with.
func (w *cloudFixture) stored() string {
	w.t.Helper()
	w.cloud.set(func(f *cloud) { f.down, f.fault, f.rotate, f.identity, f.during = nil, nil, false, "", nil })
	if _, err := w.another().TestConnection(w.ctx, w.id, model.TestRequest{Force: true}); err != nil {
		w.t.Fatal(err)
	}
	shown := w.cloud.shown()
	return shown[len(shown)-1]
}

// works fails the test unless a process that remembers nothing can sign in.
func (w *cloudFixture) works() {
	w.t.Helper()
	w.stored()
	if result := must(w.another().TestConnection(w.ctx, w.id, model.TestRequest{Force: true}))(w.t); !result.Passed {
		w.t.Errorf("what is stored does not work: %+v", result.Fault)
	}
}
