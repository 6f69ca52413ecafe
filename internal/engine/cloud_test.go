package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// cloud is a target system with OAuth, in memory.
type cloud struct {
	*target.System

	mu sync.Mutex
	// validTokens are the accepted refresh tokens. A rotated token is no longer valid, unless keepsOldTokens is set.
	validTokens            []string
	rotate, keepsOldTokens bool
	// expire makes each access token valid for one sign-in only.
	expire bool
	// down is the result of every call, before the token is checked; fault is the result of a sign-in after that.
	down, fault *target.Fault
	// unreadable is the result of reading the metadata.
	unreadable *target.Fault
	// identity, if set, signs in whatever the username is.
	identity string
	// before, if set, runs once, during the next request for a token.
	before func(context.Context)
	// rotated is called after a rotation, before the response is used.
	rotated func()
	// during, if set, runs during each test.
	during func(context.Context) error
	// digest is that of the metadata.
	digest string

	// fetched are the refresh tokens that it received, read counts how often the metadata was read.
	fetched []string
	read    int
	signIns int
}

func newCloud() *cloud {
	f := &cloud{validTokens: []string{"first"}, digest: "d1"}
	f.System = &target.System{
		Name: "cloud", Title: "Fake cloud", Kind: target.CRM, Revalidates: true,
		Fields: []target.Field{
			{Name: "url", Type: target.URL, Required: true, Binds: true},
			{Name: "username", Type: target.String, Required: true, Binds: true},
			{Name: "region", Type: target.String},
			{Name: "refresh_token", Secret: true},
			{Name: "client_secret", Secret: true},
			target.CACertificateField("for a test"),
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
	fetch := func(ctx context.Context) (*oauth2.Token, error) { return f.fetch(ctx, a) }
	if _, err := a.Tokens.Fetch(ctx, time.Now(), fetch); err != nil {
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
	shown := a.Credentials["refresh_token"] // the newest version, even if it was just rotated
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
	if !slices.Contains(f.validTokens, shown) {
		return nil, rejection("The refresh token is not valid.")
	}
	if f.rotate {
		next := fmt.Sprintf("rotated-%d", len(f.fetched))
		if !f.keepsOldTokens {
			f.validTokens = slices.DeleteFunc(f.validTokens, func(token string) bool { return token == shown })
		}
		f.validTokens = append(f.validTokens, next)
		f.mu.Unlock() // storing it takes time
		a.Tokens.Rotate("refresh_token", next)
		if f.rotated != nil {
			f.rotated()
		}
		f.mu.Lock()
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

// presentedTokens lists the refresh tokens that the system received.
func (f *cloud) presentedTokens() []string {
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

func (s *cloudSession) Run(ctx context.Context, test target.Test, _ string) (target.Text, error) {
	s.system.mu.Lock()
	during := s.system.during
	s.system.mu.Unlock()
	if during != nil {
		if err := during(ctx); err != nil {
			return target.Text{}, err
		}
	}
	return target.Say("%s works.", test), nil
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

func (s *cloudSession) Scheme() string { return "" }

func (s *cloudSession) Close(context.Context) error { return nil }
