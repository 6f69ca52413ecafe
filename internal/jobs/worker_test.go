package jobs_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// transaction ends when the test says so.
type transaction struct {
	model.Tx
	ended []func(bool)
}

func (t *transaction) OnEnd(f func(bool)) { t.ended = append(t.ended, f) }

func (t *transaction) end(committed bool) {
	for _, f := range t.ended {
		f(committed)
	}
}

// runner runs cycles for as long as the test wants, or until their context ends.
type runner struct {
	mu       sync.Mutex
	ran      []string
	canceled int
	most     int
	running  int
	caller   engine.Caller
	takes    time.Duration
}

func (r *runner) RunCycle(ctx context.Context, id string) error {
	r.mu.Lock()
	r.ran = append(r.ran, id)
	r.running++
	r.most = max(r.most, r.running)
	r.caller = engine.CallerFrom(ctx)
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.running--
	}()
	select {
	case <-time.After(r.takes):
	case <-ctx.Done():
		r.mu.Lock()
		defer r.mu.Unlock()
		r.canceled++
	}
	return nil
}

// seen returns what ran, how many cycles were canceled, and how many ran at once.
func (r *runner) seen() (ran []string, canceled, most int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.ran), r.canceled, r.most
}

func newWorker(r *runner) *jobs.Worker {
	w := jobs.NewWorker(nil)
	w.Start(r)
	return w
}

func TestCycleRunsOnceCommitted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runner{}
		w := newWorker(r)
		var kept, dropped transaction
		ctx, cancel := context.WithCancel(engine.WithCaller(t.Context(), engine.Caller{Name: "pipeline"}))
		err := errors.Join(w.Enqueue(ctx, &kept, model.Cycle{ID: "kept"}), w.Enqueue(ctx, &dropped, model.Cycle{ID: "no"}))
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if ran, _, _ := r.seen(); len(ran) != 0 {
			t.Errorf("ran before the commit: %q", ran)
		}
		cancel() // the request is over; the cycle runs all the same
		dropped.end(false)
		kept.end(true)
		synctest.Wait()
		if ran, canceled, _ := r.seen(); !slices.Equal(ran, []string{"kept"}) || canceled != 0 || r.caller.Name != "pipeline" {
			t.Errorf("ran %q, %d canceled, for %q", ran, canceled, r.caller.Name)
		}
		if err := w.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestCloseEndsCyclesAndTakesNoMore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runner{takes: time.Hour}
		w := newWorker(r)
		var running, late transaction
		if err := errors.Join(w.Enqueue(t.Context(), &running, model.Cycle{ID: "running"}),
			w.Enqueue(t.Context(), &late, model.Cycle{ID: "late"})); err != nil {
			t.Fatal(err)
		}
		running.end(true)
		synctest.Wait()
		closed := make(chan error, 1)
		go func() { closed <- w.Close(t.Context()) }()
		synctest.Wait()
		if err := w.Enqueue(t.Context(), &transaction{}, model.Cycle{}); !errors.Is(err, engine.ErrClosing) {
			t.Errorf("enqueued after closing: %v", err)
		}
		select {
		case err := <-closed:
			t.Fatalf("closed while a transaction is open: %v", err)
		default:
		}
		late.end(true) // it has to write down that it ended
		err := <-closed
		if _, canceled, _ := r.seen(); err != nil || canceled != 2 {
			t.Errorf("%v, %d canceled", err, canceled)
		}
	})
}

func TestCloseWaitsNoLongerThanItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorker(&runner{})
		var open transaction
		if err := w.Enqueue(t.Context(), &open, model.Cycle{}); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := w.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		open.end(false)
	})
}

func TestCyclesRunningAtOnceAreLimited(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := &runner{takes: time.Minute}
		w := newWorker(r)
		for range 20 {
			var tx transaction
			if err := w.Enqueue(t.Context(), &tx, model.Cycle{ID: "c"}); err != nil {
				t.Fatal(err)
			}
			tx.end(true)
		}
		time.Sleep(10 * time.Minute) //nolint:forbidigo // time is the test's own
		if ran, _, most := r.seen(); most != 8 || len(ran) != 20 {
			t.Errorf("%d ran, %d at once", len(ran), most)
		}
		if err := w.Close(t.Context()); err != nil {
			t.Error(err)
		}
	})
}
