package salesforce_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

func TestUnusedSessionsExpire(t *testing.T) {
	t.Parallel()
	now := newClock()
	b := start(t, salesforce.Options{Now: now.Now, SessionLength: time.Hour})
	token := b.token()
	for range 3 {
		now.advance(59 * time.Minute)
		if got := b.get(b.data("/"), token); got.Status != http.StatusOK {
			t.Fatalf("in use: %d", got.Status)
		}
	}
	now.advance(time.Hour)
	if got := b.get(b.data("/"), token); got.code() != "INVALID_SESSION_ID" {
		t.Errorf("idle for an hour: %d", got.Status)
	}
}

func TestExpiredSessionsKeepRefreshTokens(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	refreshToken := b.approve("riva-sync@example.com")
	b.must(b.ExpireSessions(""))
	if _, err := b.refresh(refreshToken, b.App().Secret); err != nil {
		t.Error(err)
	}
}
