//go:build !windows

package engine_test

import (
	"errors"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// cycleLease is for how long a process that runs a cycle may be silent.
const cycleLease = 90 * time.Second

// A killed process neither renews its lease nor releases it.
func TestCycleSurvivesKilledProcesses(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.insertUsers(800)
		w.user("away@example.com", false)
		id, done := "", 0
		for round, users := range []int{0, 1, 137, 400} {
			process := w.startProcess(processOptions{PolicyID: p.ID, Now: w.clock.Now(), BlockAfter: users})
			process.send("start")
			requested := process.expect("requested")
			if id == "" {
				id = requested
			}
			process.expect("blocked")
			process.kill()
			c := must(w.Cycle(w.ctx, p.ID, id))(t)
			if requested != id || c.State != model.CycleRunning || c.UsersDone < done || c.UsersDone > done+users {
				t.Fatalf("round %d: requested %s, after %d users the cycle is %+v", round, requested, done, c)
			}
			done = c.UsersDone
			if _, err := w.RequestCycle(w.ctx, p.ID); !errors.Is(err, model.ErrCycleRunning) {
				t.Fatalf("round %d: a request before the end of the lease: %v", round, err)
			}
			w.clock.advance(2 * cycleLease)
		}
		if done == 0 {
			t.Error("no process saved anything, so that nothing was continued")
		}
		if c := must(w.RequestCycle(w.ctx, p.ID))(t); c.ID != id {
			t.Errorf("requested the cycle %s, want %s", c.ID, id)
		}
		ended := w.awaitEnd(p.ID, id)
		if ended.State != model.CycleFinished || ended.UsersFaulty != 0 {
			t.Errorf("the cycle: %+v", ended)
		}
		w.expectOneLogEach(ended)
	})
}

// A process can be stopped for longer than its lease, with its machine.
func TestResumedProcessSavesNothing(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.insertUsers(600)
		process := w.startProcess(processOptions{PolicyID: p.ID, Now: w.clock.Now(), BlockAfter: 250})
		process.send("start")
		id := process.expect("requested")
		process.expect("blocked")
		if err := process.Process.Signal(syscall.SIGSTOP); err != nil {
			t.Fatal(err)
		}
		w.clock.advance(2 * cycleLease)
		must(w.RequestCycle(w.ctx, p.ID))(t)
		ended := w.awaitEnd(p.ID, id)
		before := must(w.SyncLogs(w.ctx, model.SyncLogFilter{CycleID: id}, model.Page{Limit: 1}))(t)
		process.send("continue")
		if err := process.Process.Signal(syscall.SIGCONT); err != nil {
			t.Fatal(err)
		}
		if err := process.expect("ended"); !strings.Contains(err, model.ErrCycleLost.Error()) {
			t.Errorf("the resumed process ended with %q", err)
		}
		process.end()
		after := must(w.SyncLogs(w.ctx, model.SyncLogFilter{CycleID: id}, model.Page{Limit: 1}))(t)
		if c := must(w.Cycle(w.ctx, p.ID, id))(t); c != ended && (c.Epoch != ended.Epoch || c.UsersDone != ended.UsersDone ||
			c.State != model.CycleFinished) || after[0].ID != before[0].ID {
			t.Errorf("the resumed process changed the cycle from %+v to %+v", ended, c)
		}
		w.expectOneLogEach(ended)
	})
}

func TestEndCycleOfAnotherProcessTakesASecond(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.insertUsers(10)
		var took time.Duration
		for range 3 { // a machine that is busy with something else may need longer, but not always
			process := w.startProcess(processOptions{PolicyID: p.ID, Now: w.clock.Now(), BlockAfter: 5})
			process.send("start")
			id := process.expect("requested")
			process.expect("blocked")
			began := time.Now()
			if err := w.EndCycle(w.ctx, p.ID); err != nil {
				t.Fatal(err)
			}
			took = time.Since(began)
			process.expect("ended")
			process.end()
			if c := must(w.Cycle(w.ctx, p.ID, id))(t); c.State != model.CycleInterrupted || c.UsersDone != 5 || c.UsersFaulty != 0 {
				t.Errorf("the cycle: %+v", c)
			}
			if took < time.Second {
				return
			}
		}
		t.Errorf("the cycle ended after %s", took)
	})
}

func TestProcessesRequestOneCycle(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		w.insertUsers(300)
		processes := make([]*process, 3)
		for i := range processes {
			processes[i] = w.startProcess(processOptions{PolicyID: p.ID, Now: w.clock.Now(), BlockAfter: 0})
		}
		for _, process := range processes {
			process.send("start")
		}
		var runs *process
		rejected, id := 0, ""
		for _, process := range processes {
			if line := process.read(); line == "rejected" {
				rejected++
				process.end()
			} else {
				runs, id = process, strings.TrimPrefix(line, "requested ")
			}
		}
		if rejected != len(processes)-1 {
			t.Fatalf("%d of %d requests were rejected", rejected, len(processes))
		}
		runs.expect("blocked")
		runs.send("continue")
		runs.expect("ended")
		runs.end()
		ended := must(w.Cycle(w.ctx, p.ID, id))(t)
		if last := must(w.Policy(w.ctx, p.ID))(t).LastCycle; last.ID != id || ended.State != model.CycleFinished {
			t.Errorf("the cycle %+v, the last cycle %+v", ended, last)
		}
		w.expectOneLogEach(ended)
	})
}
