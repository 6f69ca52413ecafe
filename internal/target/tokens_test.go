package target_test

import (
	"context"
	"errors"
	"maps"
	"slices"
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
		tokens.SetAccess(&oauth2.Token{AccessToken: "a", Expiry: test.expiry})
		if got := tokens.Access(now); (got != nil) != test.usable {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

func TestInvalidateKeepsNewerToken(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	first, second := &oauth2.Token{AccessToken: "a"}, &oauth2.Token{AccessToken: "b"}
	tokens.SetAccess(first)
	tokens.SetAccess(second)
	if tokens.Invalidate(first); tokens.Access(time.Now()) != second {
		t.Error("the newer token was discarded")
	}
	if tokens.Invalidate(second); tokens.Access(time.Now()) != nil {
		t.Error("a rejected token is still in use")
	}
}

// A refresh token may be valid for one use only, so fetches are not concurrent.
func TestFetchRunsOnce(t *testing.T) {
	t.Parallel()
	var (
		tokens  target.Tokens
		fetches int // the tokens' own lock guards it
		group   sync.WaitGroup
	)
	for range 20 {
		group.Go(func() {
			got, err := tokens.Fetch(t.Context(), time.Now(), func(context.Context) (*oauth2.Token, error) {
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

func TestFailedFetchStoresNothing(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	want := errors.New("no")
	fail := func(context.Context) (*oauth2.Token, error) { return nil, want }
	if _, err := tokens.Fetch(t.Context(), time.Now(), fail); !errors.Is(err, want) {
		t.Errorf("got %v", err)
	}
	if tokens.Access(time.Now()) != nil {
		t.Error("a token is in use")
	}
}

func TestRotatedReturnsCopy(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	if tokens.Rotated() != nil {
		t.Error("a secret is rotated initially")
	}
	tokens.Rotate("refresh_token", "b")
	tokens.Rotated()["refresh_token"] = "c"
	if got := tokens.Rotated()["refresh_token"]; got != "b" {
		t.Errorf("got %q", got)
	}
}

// A refresh token that came with a password grant is not used, and is a secret all the same.
func TestEveryIssuedTokenIsMasked(t *testing.T) {
	t.Parallel()
	var tokens target.Tokens
	tokens.MaskIssued([]byte(`{"access_token":"a","refresh_token":"r","id_token":"i","download_token":"d","signature":"s",
		"token_type":"Bearer","expires_in":3600,"scope":"all"}`))
	tokens.MaskIssued([]byte(`{"error":"invalid_grant","refresh_token":"late"}`))
	tokens.MaskIssued([]byte(`{"access_token":"before"} Database failure.`))
	tokens.MaskIssued([]byte("refresh_token=f&token_type=bearer"))
	tokens.MaskIssued([]byte("<html>"))
	got := slices.Sorted(maps.Values(tokens.Secrets()))
	if want := []string{"a", "before", "d", "f", "i", "late", "r", "s"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
