package provider_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// slowDelay is how long Molasses takes for what it is slow at, by the clock of the test.
const slowDelay = 25 * time.Second

// slowSystem is an email system that is slow to sign in to once it was signed in to before, and slow to find grace.
func slowSystem() *target.System {
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
				return slow{}, nil
			}
			return slow{}, wait(ctx)
		},
	}
}

type slow struct{ session }

func (slow) Run(ctx context.Context, _ target.Test, user string) (string, error) {
	if strings.HasPrefix(user, "grace@") {
		return "Fine.", wait(ctx)
	}
	return "Fine.", nil
}

func wait(ctx context.Context) error {
	select {
	case <-time.After(slowDelay):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// createSlow makes a connection to Molasses, and a policy over it alone with ada and grace.
func createSlow(t *testing.T, p *acctest.Protocol) (connection, policy string) {
	t.Helper()
	connection = create(t, p, "riva_connection", values{"name": "Slow", "molasses": values{"token_wo": "x"}}).ID()
	for _, email := range []string{"ada@example.com", "grace@example.com"} {
		create(t, p, "riva_user", values{"email": email})
	}
	policy = create(t, p, "riva_sync_policy", values{
		"name": "All", "interval": "30m", "email_connection_id": connection,
	}).ID()
	return connection, policy
}

// reportTimes runs an action about a connection to Molasses, or a policy over it alone with ada and grace, by a clock of the
// test's own, and returns what it said after how long.
func reportTimes(t *testing.T, action string, config func(connection, policy string) values) (said []string) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := acctest.Empty(t)
		w.Systems = []*target.System{slowSystem()} // so that the policy needs no other connection
		p := w.Protocol()
		connection, policy := createSlow(t, p)
		began := time.Now()
		_, diagnostics := p.Invoke(t.Context(), action, config(connection, policy), func(message string) {
			said = append(said, time.Since(began).Truncate(time.Second).String()+" "+message)
		})
		p.Must(diagnostics)
	})
	return said
}

// Each line is told as soon as it is known, that of a user before the next user is done.
func TestActionProgressMessages(t *testing.T) {
	t.Parallel()
	for action, c := range map[string]struct {
		config func(connection, policy string) values
		want   []string
	}{
		testAction: {
			func(connection, _ string) values { return values{"connection_id": connection, "test": "calendar"} },
			[]string{
				`0s Testing the connection "Slow" (molasses): calendar, as the service account. Checks: sign_in, identity, calendar.`,
				"10s Still waiting for sign_in, identity, calendar: 10s so far.",
				"20s Still waiting for sign_in, identity, calendar: 20s so far.",
				"25s sign_in: passed in 25000 ms: Signed in to Molasses.",
				"25s identity: passed in 0 ms: Signed in as service.",
				"25s calendar: passed in 0 ms: Fine.",
				"25s The calendar test passed for the service account, signed in as service.",
			},
		},
		revalidateAction: {
			func(connection, _ string) values { return values{"connection_id": connection} },
			[]string{
				`0s Re-validating the connection "Slow" (molasses): signing in with the stored credentials. ` +
					"Steps: sign_in, identity, general.",
				"10s Still waiting for sign_in, identity, general: 10s so far.",
				"20s Still waiting for sign_in, identity, general: 20s so far.",
				"25s Signed in; the target system has no metadata to read.",
				"25s Connection has been configured successfully!",
			},
		},
		cycleAction: {
			func(_, policy string) values { return values{"policy_id": policy} },
			[]string{
				`0s Full sync cycle of the sync policy "All": 2 users to check.`,
				"10s Still waiting for the next user, with 0 of 2 users checked: 10s so far.",
				"20s Still waiting for the next user, with 0 of 2 users checked: 20s so far.",
				"25s [1/2] passed  ada@example.com  Slow: Fine.",
				"35s Still waiting for the next user, with 1 of 2 users checked: 10s so far.",
				"45s Still waiting for the next user, with 1 of 2 users checked: 20s so far.",
				"50s [2/2] passed  grace@example.com  Slow: Fine.",
				"50s 2 users checked, 0 with a fault.",
			},
		},
	} {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			if said := reportTimes(t, action, c.config); !slices.Equal(said, c.want) {
				t.Errorf("said\n%s\nwant\n%s", strings.Join(said, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
