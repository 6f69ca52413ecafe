package engine_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// usersVariable is how many users the test of a large cycle has. Without it there are fewer, so that the test is fast.
const usersVariable = "RIVA_TEST_USERS"

const (
	// The race detector makes the test many times slower.
	defaultUsers     = 20_000
	defaultRaceUsers = 3_000
	// maxGrowth is how much memory a cycle may need, whatever the number of users. The database alone caches up to 2 MB for
	// each of its nine connections.
	maxGrowth = 32 << 20
	// maxLiveGrowth is how much of it may be live objects of Go.
	maxLiveGrowth = 1 << 20
)

// measurement is what a process measured around a cycle. Memory is in bytes. Resident memory is zero if it is unknown.
type measurement struct {
	Took time.Duration
	// Live is how much the live objects grew from the start to the end.
	Live int64
	// Resident is the growth from the start to the end, Peak that to the highest value.
	Resident, Peak int64
}

// measure starts to measure; stop prints the measurement.
func measure() (stop func()) {
	debug.SetGCPercent(100) // the one that users have
	runtime.GC()
	debug.FreeOSMemory()
	began, resident, live := time.Now(), residentMemory(), liveMemory()
	done, peaks := make(chan struct{}), make(chan int64, 1)
	go func() {
		ticker := time.NewTicker(50 * time.Millisecond)
		defer ticker.Stop()
		peak := resident
		for {
			select {
			case <-ticker.C:
				peak = max(peak, residentMemory())
			case <-done:
				peaks <- max(peak, residentMemory())
				return
			}
		}
	}()
	return func() {
		m := measurement{Took: time.Since(began), Resident: residentMemory() - resident}
		close(done)
		m.Peak = <-peaks - resident
		runtime.GC()
		m.Live = liveMemory() - live
		line, err := json.Marshal(m)
		fmt.Fprintln(os.Stdout, "measured", string(line), err)
	}
}

func liveMemory() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// residentMemory is zero where there is no /proc, and with the race detector, whose own memory grows with everything.
func residentMemory() int64 {
	if raceDetector() {
		return 0
	}
	file, err := os.Open("/proc/self/statm")
	if err != nil {
		return 0
	}
	defer file.Close() //nolint:errcheck // it was only read
	var size, resident int64
	if _, err := fmt.Fscan(file, &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}

// raceDetector reports whether the test was built with the race detector.
func raceDetector() bool {
	build, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(build.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// userID is the id of the user with a number, counted from one. Zero is before all of them.
func userID(number int) string { return fmt.Sprintf("01900000-0000-7000-8000-%012x", number) }

// insertUsers adds enabled users, in one transaction.
func (w *fixture) insertUsers(count int) {
	w.t.Helper()
	err := w.store.Update(w.ctx, func(tx model.Tx) error {
		for i := range count {
			u := model.User{
				ID: userID(i + 1), Email: fmt.Sprintf("user%06d@example.com", i), Enabled: true,
				Revision: 1, CreatedAt: w.clock.Now(), LastModifiedAt: w.clock.Now(),
			}
			if err := tx.InsertUser(w.ctx, u); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestCycleMemoryDoesNotGrowWithUsers(t *testing.T) {
	t.Parallel()
	users := defaultUsers
	if raceDetector() {
		users = defaultRaceUsers
	}
	if text := os.Getenv(usersVariable); text != "" {
		users = must(strconv.Atoi(text))(t)
	}
	eachFixture(t, func(t *testing.T, w *fixture) {
		policy := w.policy("Sync")
		began := time.Now()
		w.insertUsers(users)
		inserted := time.Since(began)
		process := w.startProcess(processOptions{PolicyID: policy.ID, Now: w.clock.Now(), BlockAfter: -1, Measure: true})
		process.send("start")
		id := process.expect("requested")
		timeout, cancel := context.WithTimeout(w.ctx, 10*time.Minute)
		defer cancel()
		line, ok := receive(timeout, process.lines)
		var measured measurement
		if ok {
			_, err := fmt.Sscanf(line, "measured %s", &line)
			if err == nil {
				err = json.Unmarshal([]byte(line), &measured)
			}
			ok = err == nil
		}
		if !ok {
			t.Fatalf("no measurement in %q", line)
		}
		process.expect("ended")
		process.end()
		t.Logf("%d users inserted in %s and checked in %s, %.0f users/s; live memory grew by %d KiB, resident memory by %d KiB, "+
			"at most by %d KiB", users, inserted, measured.Took, float64(users)/measured.Took.Seconds(), measured.Live>>10,
			measured.Resident>>10, measured.Peak>>10)
		if measured.Live > maxLiveGrowth || measured.Peak > maxGrowth {
			t.Errorf("memory grew with the users: %+v", measured)
		}
		c := must(w.Cycle(w.ctx, policy.ID, id))(t)
		if c.State != model.CycleFinished || c.UsersDone != users || c.UsersFaulty != 0 {
			t.Errorf("the cycle: %+v", c)
		}
		w.expectOneLogEach(c)
	})
}
