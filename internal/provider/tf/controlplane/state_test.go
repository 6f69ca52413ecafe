package controlplane_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

func TestIsInStateWaitsForReads(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		run  func(a *controlplane.Access)
		want bool
		wait time.Duration
	}{
		"read before": {func(a *controlplane.Access) { a.FoundInState("wanted")() }, true, 0},
		"never read":  {func(*controlplane.Access) {}, false, time.Second},
		"read soon": {func(a *controlplane.Access) {
			time.AfterFunc(time.Millisecond, func() { a.FoundInState("wanted")() })
		}, true, time.Millisecond},
		"read after others": {func(a *controlplane.Access) {
			done := a.FoundInState("other")
			time.AfterFunc(time.Minute, done)
			time.AfterFunc(time.Minute+400*time.Millisecond, func() { a.FoundInState("another")() })
			time.AfterFunc(time.Minute+800*time.Millisecond, func() { a.FoundInState("wanted")() })
		}, true, time.Minute + 800*time.Millisecond},
		"others only": {func(a *controlplane.Access) {
			time.AfterFunc(time.Minute, a.FoundInState("other"))
		}, false, time.Minute + time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				a := &controlplane.Access{}
				test.run(a)
				begin := time.Now()
				if got := a.IsInState(t.Context(), "wanted"); got != test.want {
					t.Errorf("got %t, want %t", got, test.want)
				}
				if waited := time.Since(begin); waited != test.wait {
					t.Errorf("waited %s, want %s", waited, test.wait)
				}
			})
		})
	}
}

func TestIsInStateEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &controlplane.Access{}
		defer a.FoundInState("other")()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if a.IsInState(ctx, "wanted") {
			t.Error("an object that was not read is in the state")
		}
	})
}

func TestAwaitWriteIgnoresEarlierWrites(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		a := &controlplane.Access{}
		a.Wrote("wanted")
		before := a.Writes()
		if a.AwaitWrite(t.Context(), "wanted", before) {
			t.Error("an earlier write counts")
		}
		time.AfterFunc(time.Millisecond, func() { a.Wrote("other") })
		time.AfterFunc(time.Second, func() { a.Wrote("wanted") })
		if !a.AwaitWrite(t.Context(), "wanted", before) {
			t.Error("the write is not noticed")
		}
	})
}
