package callcontext_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/callcontext"
)

type key struct{}

func TestContextIsThatOfTheCall(t *testing.T) {
	t.Parallel()
	deadline := time.Now().Add(time.Hour)
	of, cancel := context.WithDeadline(context.WithValue(t.Context(), key{}, "value"), deadline)
	defer cancel()
	ctx, release := callcontext.New(of)
	if got, ok := ctx.Deadline(); !ok || !got.Equal(deadline) {
		t.Errorf("the deadline is %v", got)
	}
	if got := ctx.Value(key{}); got != "value" {
		t.Errorf("the value is %v", got)
	}
	release()
	if got := ctx.Value(key{}); got != nil {
		t.Errorf("the value is %v after the call", got)
	}
	if err := ctx.Err(); err != nil {
		t.Errorf("the error is %v before the end", err)
	}
}

func TestContextEndsWithTheCall(t *testing.T) {
	t.Parallel()
	for name, released := range map[string]bool{"used": false, "released": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of, cancel := context.WithCancel(t.Context())
			ctx, release := callcontext.New(of)
			derived, end := context.WithCancel(ctx)
			defer end()
			if released {
				release()
			}
			cancel()
			<-derived.Done()
			if err := ctx.Err(); !errors.Is(err, context.Canceled) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// What the framework does: it keeps the cancel function of a derived context.
func TestReleasedContextIsFreed(t *testing.T) {
	t.Parallel()
	freed := make(chan struct{})
	value := new([1 << 10]byte)
	runtime.AddCleanup(value, func(struct{}) { close(freed) }, struct{}{})
	of, finish := context.WithCancel(context.WithValue(t.Context(), key{}, value))
	ctx, release := callcontext.New(of)
	_, kept := context.WithCancel(ctx)
	release()
	finish()
	for range 10 {
		runtime.GC()
		select {
		case <-freed:
			kept()
			return
		case <-time.After(time.Second):
		}
	}
	kept()
	t.Error("the values of the call are still in memory")
}
