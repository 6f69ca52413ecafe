package target_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestAccessTokens(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		expiry time.Time
		usable bool
	}{
		"without an end": {time.Time{}, true}, "in an hour": {now.Add(time.Hour), true},
		"in 61 seconds": {now.Add(61 * time.Second), true}, "in a minute": {now.Add(time.Minute), false},
		"ended": {now.Add(-time.Hour), false},
	} {
		var tokens target.Tokens
		tokens.Keep(&oauth2.Token{AccessToken: "a", Expiry: test.expiry})
		if got := tokens.Access(now); (got != nil) != test.usable {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestRefusingATokenSparesItsSuccessor(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	first, second := &oauth2.Token{AccessToken: "a"}, &oauth2.Token{AccessToken: "b"}
	tokens.Keep(first)
	tokens.Keep(second)
	if tokens.Refuse(first); tokens.Access(time.Now()) != second {
		t.Error("the successor was given up")
	}
	if tokens.Refuse(second); tokens.Access(time.Now()) != nil {
		t.Error("a refused token is still in use")
	}
}

// A refresh token may be good for one use only, so nobody else fetches meanwhile.
func TestFetchRunsForOneAtATime(t *testing.T) {
	t.Parallel()
	var (
		tokens  target.Tokens
		fetches int // the tokens' own lock guards it
		group   sync.WaitGroup
	)
	for range 20 {
		group.Go(func() {
			got, err := tokens.Fetch(time.Now(), func() (*oauth2.Token, error) {
				fetches++
				return &oauth2.Token{AccessToken: "a"}, nil
			})
			if err != nil || got.AccessToken != "a" {
				t.Errorf("got %v, %v", got, err)
			}
		})
	}
	group.Wait()
	if fetches != 1 {
		t.Errorf("%d fetches", fetches)
	}
}

func TestFetchThatFailsKeepsNothing(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	want := errors.New("no")
	if _, err := tokens.Fetch(time.Now(), func() (*oauth2.Token, error) { return nil, want }); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if tokens.Access(time.Now()) != nil {
		t.Error("something is in use")
	}
}

func TestRotatedSecretsAreACopy(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	if tokens.Rotated() != nil {
		t.Error("something was replaced from the start")
	}
	tokens.Rotate("refresh_token", "b")
	tokens.Rotated()["refresh_token"] = "c"
	if got := tokens.Rotated()["refresh_token"]; got != "b" {
		t.Errorf("got %q", got)
	}
}

// Acting as one user after the other hands out more tokens than are remembered.
func TestTokensInUseAreMaskedForGood(t *testing.T) {
	t.Parallel()
	a := account(func(_ context.Context, a target.Account) (target.Session, error) {
		a.Tokens.Keep(&oauth2.Token{AccessToken: "access-canary"})
		a.Tokens.Rotate("refresh_token", "refresh-canary")
		for i := range 100 {
			a.Tokens.Conceal("token of user " + strconv.Itoa(i))
		}
		return nil, &target.Fault{Code: target.Misconfigured, Message: "access-canary and refresh-canary were sent"}
	})
	if _, _, err := target.SignIn(t.Context(), a); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

// What a system handed out is masked like what it was given.
func TestTokensAreMasked(t *testing.T) {
	t.Parallel()
	a := account(func(_ context.Context, a target.Account) (target.Session, error) {
		a.Tokens.Keep(&oauth2.Token{AccessToken: "access-canary"})
		a.Tokens.Rotate("refresh_token", "refresh-canary")
		a.Tokens.Conceal("assertion-canary")
		return nil, &target.Fault{
			Code: target.GivenCredentials, Message: "access-canary, refresh-canary, assertion-canary and canary-bird were sent",
		}
	})
	_, _, err := target.SignIn(t.Context(), a) // an account without tokens gets some for the session
	fault, ok := target.AsFault(err)
	if !ok || strings.Contains(fault.Message, "canary") || !strings.HasSuffix(fault.Message, "sent") {
		t.Errorf("got %v", err)
	}
}
