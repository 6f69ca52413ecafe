//go:build !windows

package plugin

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestAnotherParentIsNoticed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var id atomic.Int64
		id.Store(42)
		noticed := make(chan bool, 1)
		go func() { noticed <- changed(t.Context(), func() int { return int(id.Load()) }) }()
		<-time.After(10 * time.Second)
		select {
		case got := <-noticed:
			t.Fatalf("returned %t although the parent is the same", got)
		default:
		}
		id.Store(1)
		began := time.Now()
		if got := <-noticed; !got || time.Since(began) > 2*time.Second {
			t.Errorf("got %t after %s", got, time.Since(began))
		}
	})
}

func TestWatchStopsWithTheContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		noticed := make(chan bool, 1)
		go func() { noticed <- changed(ctx, func() int { return 42 }) }()
		synctest.Wait()
		cancel()
		if <-noticed {
			t.Error("reported the end of a parent that lives")
		}
	})
}
