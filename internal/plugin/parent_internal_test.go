//go:build !windows

package plugin

import (
	"context"
	"os"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestNewParentMeansOrphan(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var id atomic.Int64
		id.Store(42)
		noticed := make(chan bool, 1)
		go func() { noticed <- changed(t.Context(), 42, func() int { return int(id.Load()) }) }()
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

func TestParentWatchStopsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		noticed := make(chan bool, 1)
		go func() { noticed <- changed(ctx, 42, func() int { return 42 }) }()
		synctest.Wait()
		cancel()
		if <-noticed {
			t.Error("reported the end of a running parent")
		}
	})
}

//nolint:paralleltest // a process that another test starts has a copy of the pipe for a moment
func TestPipeWithoutReaderIsNoticed(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Close() //nolint:errcheck // nothing was written
	output := int(writer.Fd())
	if !isRead(output) {
		t.Error("a pipe with a reader counts as unread")
	}
	if err := reader.Close(); err != nil {
		t.Fatal(err)
	}
	if isRead(output) {
		t.Error("a pipe without a reader counts as read")
	}
	file, err := os.Create(t.TempDir() + "/output")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // nothing was written
	if !isRead(int(file.Fd())) {
		t.Error("a file counts as unread")
	}
}
