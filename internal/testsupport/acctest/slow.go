package acctest

import (
	"context"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// SlowDelay is how long [SlowSystem] takes for what it is slow at.
const SlowDelay = 25 * time.Second

// Session is a session in a made-up target system: it signs in as "service", and every test passes.
type Session struct{}

// Identity is always the same.
func (Session) Identity() target.Identity { return target.Identity{Username: "service"} }

// Run passes.
func (Session) Run(context.Context, target.Test, string) (target.Text, error) {
	return target.Say("Fine."), nil
}

// Scheme is not decided by an offer.
func (Session) Scheme() string { return "" }

// Close does nothing.
func (Session) Close(context.Context) error { return nil }

// SlowSystem is an email system that is slow at every sign-in but the first, and at tests of the user grace. With
// [testing/synctest], a test of it takes no time.
func SlowSystem() *target.System {
	signIns := 0
	return &target.System{
		Name: "molasses", Title: "Molasses", Kind: target.Email, Description: "A slow email system.",
		Fields:      []target.Field{{Name: "token", Secret: true, Help: "A token.", Fixes: []target.Code{target.GivenCredentials}}},
		Grants:      []target.Grant{{Name: "token", Secrets: []string{"token"}}},
		Tests:       []target.Test{target.General, target.Calendar},
		UserTest:    target.Calendar,
		Revalidates: true,
		SignIn: func(ctx context.Context, _ target.Account) (target.Session, error) {
			if signIns++; signIns == 1 {
				return slowSession{}, nil
			}
			return slowSession{}, wait(ctx)
		},
	}
}

type slowSession struct{ Session }

func (slowSession) Run(ctx context.Context, _ target.Test, user string) (target.Text, error) {
	if strings.HasPrefix(user, "grace@") {
		return target.Say("Fine."), wait(ctx)
	}
	return target.Say("Fine."), nil
}

func wait(ctx context.Context) error {
	select {
	case <-time.After(SlowDelay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// CreateSlow creates a connection to [SlowSystem], and a sync policy over it alone with the users ada and grace. It returns
// their ids.
func (p *Protocol) CreateSlow() (connection, policy string) {
	p.t.Helper()
	connection = p.Create("riva_connection", Values{"name": "Slow", "molasses": Values{"token_wo": "x"}}).ID()
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		p.Create("riva_user", Values{"email": email})
	}
	policy = p.Create("riva_sync_policy", Values{
		"name": "All", "interval": "30m", "email_connection_id": connection,
	}).ID()
	return connection, policy
}
