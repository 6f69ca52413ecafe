package engine

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// A process whose clock stands still, or was set back, does not wait forever for one that was killed.
func TestUnchangedLeaseIsDeadWithoutAClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var seen seenLeases
		lease := model.Lease{Key: "k", Holder: "a", Epoch: 1, ExpiresAt: time.Now().Add(time.Hour)}
		seen.note(lease)
		<-time.After(leaseTime - time.Second)
		seen.note(lease)
		if seen.dead("k") != nil {
			t.Error("a lease is dead before it can have expired")
		}
		renewed := lease
		renewed.ExpiresAt = lease.ExpiresAt.Add(time.Second)
		seen.note(renewed)
		<-time.After(leaseTime - time.Second)
		if seen.dead("k") != nil {
			t.Error("a renewed lease is dead")
		}
		<-time.After(time.Second)
		seen.note(renewed)
		if dead := seen.dead("k"); dead == nil || *dead != renewed {
			t.Errorf("a lease that is not renewed: %+v", dead)
		}
		if seen.dead("other") != nil {
			t.Error("a lease that was never seen is dead")
		}
	})
}
