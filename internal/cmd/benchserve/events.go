package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/measure"
)

// The limits of what is waited for.
const (
	cycleTimeout    = 20 * time.Minute
	takeOverTimeout = 5 * time.Minute
	recoverTimeout  = time.Minute
	pollInterval    = 250 * time.Millisecond
)

// soak mixes reads and writes for a while, and watches the memory of the replicas. Stated limits are allowed, errors are not.
func (st *stage) soak(ctx context.Context, r *report) error {
	read, create := st.read(st.replicas), st.create(st.replicas)
	mixed := func(ctx context.Context, client, n int) (*http.Request, error) {
		if n%10 == 0 {
			return create(ctx, client, n)
		}
		return read(ctx, client, n)
	}
	// The first part fills caches and pools.
	var before [2]int64
	for i, length := range []time.Duration{st.settings.soak / 4, st.settings.soak} {
		out, err := load{clients: clients, length: length, ok: func(status int) bool {
			return status == http.StatusOK || status == http.StatusCreated
		}, next: mixed}.run(ctx, st.http)
		if err != nil {
			return fmt.Errorf("mixed load: %w", err)
		}
		if out.failed > 0 {
			return fmt.Errorf("mixed load: %d requests failed: %w", out.failed, out.failure)
		}
		for n, replica := range st.replicas {
			resident, err := replica.resident()
			if err != nil {
				return err
			}
			if i == 0 {
				before[n] = resident
				continue
			}
			r.events = append(r.events, event{
				fmt.Sprintf("memory of replica %d before and after 50 clients for %s", n+1, length),
				fmt.Sprintf("%d MiB, then %d MiB", before[n]>>20, resident>>20),
			})
		}
	}
	return nil
}

// resident returns the resident memory of the process, in bytes.
func (r *replica) resident() (int64, error) {
	file, err := os.Open("/proc/" + strconv.Itoa(r.command.Process.Pid) + "/statm")
	if err != nil {
		return 0, fmt.Errorf("read the memory of a replica: %w", err)
	}
	var size, pages int64
	_, err = fmt.Fscan(file, &size, &pages)
	return pages * int64(os.Getpagesize()), errors.Join(err, file.Close())
}

// cycle runs a full sync cycle of all users on the first replica.
func (st *stage) cycle(ctx context.Context, r *report) error {
	runner := st.replicas[0]
	before, err := runner.resident()
	if err != nil {
		return err
	}
	began := time.Now()
	id, err := st.startCycle(ctx, runner)
	if err != nil {
		return err
	}
	peak := before
	last, err := st.awaitCycle(ctx, id, cycleTimeout, func(api.Cycle) bool {
		for _, replica := range st.replicas { // the queue decides which of them runs it
			if resident, err := replica.resident(); err == nil {
				peak = max(peak, resident)
			}
		}
		return false
	})
	if err != nil {
		return err
	}
	took := time.Since(began)
	if err := st.checkLogs(ctx, last); err != nil {
		return err
	}
	r.events = append(r.events, event{
		"full sync cycle of " + measure.Thousands(last.UsersDone) + " users with two connections",
		fmt.Sprintf("%s users per second, memory +%d MiB",
			measure.Thousands(int64(float64(last.UsersDone)/took.Seconds())), (peak-before)>>20),
	})
	return nil
}

// takeOver kills the replica that runs a cycle, and measures how long it takes until another one continues it.
func (st *stage) takeOver(ctx context.Context, r *report) error {
	id, err := st.startCycle(ctx, st.replicas[0])
	if err != nil {
		return err
	}
	running, err := st.awaitCycle(ctx, id, cycleTimeout, func(c api.Cycle) bool { return c.UsersDone >= st.settings.users/10 })
	if err != nil {
		return err
	}
	holder, err := st.holder(ctx, id)
	if err != nil {
		return err
	}
	killed := time.Now()
	if err := holder.kill(); err != nil {
		return fmt.Errorf("kill a replica: %w", err)
	}
	saved, err := st.awaitCycle(ctx, id, recoverTimeout, func(api.Cycle) bool { return true })
	if err != nil {
		return err
	}
	done := max(running.UsersDone, saved.UsersDone)
	_, err = st.awaitCycle(ctx, id, takeOverTimeout, func(c api.Cycle) bool { return c.UsersDone > done })
	if err != nil {
		return fmt.Errorf("after kill -9 of its replica: %w", err)
	}
	r.events = append(r.events, event{
		"another replica continues a cycle after `kill -9`", fmt.Sprintf("%.0f s", time.Since(killed).Seconds()),
	})
	last, err := st.awaitCycle(ctx, id, cycleTimeout, nil)
	if err != nil {
		return err
	}
	return st.checkLogs(ctx, last)
}

// holder returns the replica that runs a cycle. Its lease names the process. Between two slices of a cycle, the lease
// has no holder.
func (st *stage) holder(ctx context.Context, cycleID string) (*replica, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, recoverTimeout, errors.New("no replica runs the cycle"))
	defer cancel()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		var holder string
		err := st.query(ctx, &holder, "SELECT lease_holder FROM riva.sync_cycles WHERE id = $1", cycleID)
		if err != nil {
			return nil, err
		}
		for _, r := range st.alive() {
			if strings.HasPrefix(holder, fmt.Sprintf("process %d on ", r.command.Process.Pid)) {
				return r, nil
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// restart restarts PostgreSQL under load, and measures when requests succeed again.
func (st *stage) restart(ctx context.Context, r *report) error {
	loaded, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	next := st.read(st.alive())
	go func() {
		out, err := load{clients: clients, length: recoverTimeout, want: http.StatusOK, next: next}.run(loaded, st.http)
		ended <- errors.Join(err, out.failure)
	}()
	if err := st.cluster.Restart("fast"); err != nil {
		return fmt.Errorf("restart PostgreSQL: %w", err)
	}
	back := time.Now()
	for _, replica := range st.alive() {
		if err := replica.ready(ctx, recoverTimeout); err != nil {
			return fmt.Errorf("after a restart of PostgreSQL: %w", err)
		}
	}
	r.events = append(r.events, event{"ready again after PostgreSQL returns from a restart", measure.Seconds(time.Since(back))})
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		return fmt.Errorf("load during a restart of PostgreSQL: %w", err)
	}
	return nil
}

// alive returns the replicas that run.
func (st *stage) alive() []*replica {
	var all []*replica
	for _, r := range st.replicas {
		select {
		case <-r.ended:
		default:
			all = append(all, r)
		}
	}
	return all
}

// startCycle requests a cycle from a replica.
func (st *stage) startCycle(ctx context.Context, at *replica) (id string, err error) {
	request, err := st.authorized(ctx, 0, http.MethodPost, at.url+"/v1/sync-policies/"+st.policyID+"/cycles", "")
	if err != nil {
		return "", err
	}
	var c api.Cycle
	if err := st.call(request, http.StatusAccepted, &c); err != nil {
		return "", fmt.Errorf("request a cycle: %w", err)
	}
	return c.ID, nil
}

// awaitCycle reads a cycle until it has ended or the function returns true. A cycle that did not finish is an error.
func (st *stage) awaitCycle(ctx context.Context, id string, limit time.Duration, enough func(api.Cycle) bool) (api.Cycle, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("the cycle did not get there within %s", limit))
	defer cancel()
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		var c api.Cycle
		request, err := st.authorized(ctx, 0, http.MethodGet, st.alive()[0].url+"/v1/sync-policies/"+st.policyID+"/cycles/"+id, "")
		if err != nil {
			return c, err
		}
		if err := st.call(request, http.StatusOK, &c); err != nil {
			return c, fmt.Errorf("read the cycle: %w", err)
		}
		switch {
		case c.State == api.CycleFinished && c.Fault == nil && c.UsersFaulty == 0:
			return c, nil
		case c.State != api.CycleRunning:
			return c, fmt.Errorf("the cycle ended as %s with %d faulty users: %+v", c.State, c.UsersFaulty, c.Fault)
		case enough != nil && enough(c):
			return c, nil
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return c, context.Cause(ctx)
		}
	}
}

// checkLogs compares the sync logs of a cycle with its users: each user was checked once on each of two connections.
func (st *stage) checkLogs(ctx context.Context, c api.Cycle) error {
	var logs, users int
	if err := errors.Join(
		st.query(ctx, &logs, "SELECT count(*) FROM riva.sync_logs WHERE cycle_id = $1", c.ID),
		st.query(ctx, &users, "SELECT count(DISTINCT user_id) FROM riva.sync_logs WHERE cycle_id = $1", c.ID),
	); err != nil {
		return err
	}
	if users != st.settings.users || logs != 2*users || c.UsersDone != users {
		return fmt.Errorf("a cycle of %d users has %d logs about %d users, and reports %d", st.settings.users, logs, users, c.UsersDone)
	}
	return nil
}
