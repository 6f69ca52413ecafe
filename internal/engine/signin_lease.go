package engine

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// leaseTime is how long a lease lasts unless it is renewed: for so long a process that was killed blocks the others.
	leaseTime = 20 * time.Second
	// The wait between two looks at a lease that another process holds grows from the first to the last.
	minLeasePoll = 10 * time.Millisecond
	maxLeasePoll = 250 * time.Millisecond
)

// errLeaseLost is the cause of a context whose lease went to another holder.
var errLeaseLost = errors.New("another process took over")

// heldError means that a lease is held by another process.
type heldError struct{ lease model.Lease }

func (e *heldError) Error() string { return "held by " + holderName(e.lease.Holder) }

// newHolder names this process as the holder of one lease. No other acquisition, also in this process, has the same name.
func (e *Engine) newHolder() (string, error) {
	id, err := newID()
	if err != nil {
		return "", err
	}
	return e.process + "#" + id, nil
}

// holderName is the part of a holder's name that is for people.
func holderName(holder string) string {
	name, _, _ := strings.Cut(holder, "#")
	return name
}

func processName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "an unknown host"
	}
	return fmt.Sprintf("process %d on %s", os.Getpid(), strings.ReplaceAll(host, "#", ""))
}

// leases are those of one piece of work, such as a sign-in. They are acquired and released together.
type leases struct {
	engine *Engine
	holder string
	// lost ends the context of the work.
	lost context.CancelCauseFunc

	mu    sync.Mutex
	all   []model.Lease
	renew *time.Timer
}

// acquire gets leases in a transaction of the caller's, who rolls back if the error is a *[heldError]. Seen is what the
// caller saw of the leases of other holders and trusts no longer to be alive.
func (e *Engine) acquire(ctx context.Context, tx model.Tx, holder string, keys []string, seen *seenLeases) (
	[]model.Lease, error,
) {
	now, err := e.leaseClock(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := make([]model.Lease, 0, len(keys))
	for _, key := range keys {
		want := model.Lease{Key: key, Holder: holder, ExpiresAt: now.Add(leaseTime)}
		got, ok, err := tx.AcquireLease(ctx, want, now, seen.dead(key))
		if err != nil {
			return nil, fmt.Errorf("acquire the lease %q: %w", key, err)
		}
		if !ok {
			seen.note(got)
			return nil, &heldError{lease: got}
		}
		all = append(all, got)
	}
	return all, nil
}

// leaseClock is the time that leases, rejected sign-ins and first results are compared with, see [model.LeaseStore]: several
// machines share them, and the clocks of machines differ.
func (e *Engine) leaseClock(ctx context.Context, tx model.Tx) (time.Time, error) {
	now, err := tx.Now(ctx, e.clock())
	if err != nil {
		return time.Time{}, fmt.Errorf("read the clock of the database: %w", err)
	}
	return now, nil
}

// hold keeps acquired leases alive until they are released. The context ends if one is lost.
func (e *Engine) hold(ctx context.Context, holder string, all []model.Lease) (context.Context, *leases) {
	ctx, lost := context.WithCancelCause(ctx)
	l := &leases{engine: e, holder: holder, lost: lost, all: all}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renew = time.AfterFunc(leaseTime/3, l.renewAll)
	return ctx, l
}

func (l *leases) renewAll() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.all == nil {
		return // released at the same moment
	}
	ctx, cancel := context.WithTimeout(context.Background(), auditTimeout)
	defer cancel()
	err := l.engine.store.Update(ctx, func(tx model.Tx) error {
		now, err := l.engine.leaseClock(ctx, tx)
		if err != nil {
			return err
		}
		for i := range l.all {
			l.all[i].ExpiresAt = now.Add(leaseTime)
			ok, err := tx.RenewLease(ctx, l.all[i])
			if err != nil {
				return err
			}
			if !ok {
				return errLeaseLost
			}
		}
		return nil
	}, writeKeys(l.all)...)
	if errors.Is(err, errLeaseLost) {
		l.lost(errLeaseLost)
		return
	}
	if err != nil { // the next try may succeed in time
		l.engine.log.WarnContext(ctx, "renew leases", "error", err)
	}
	l.renew.Reset(leaseTime / 3)
}

// release ends the leases, in a transaction of its own.
func (l *leases) release(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.renew.Stop()
	all := l.all
	l.all = nil
	l.engine.releaseLeases(ctx, all)
	l.lost(nil)
}

// releaseLeases ends leases, also if the caller has canceled.
func (e *Engine) releaseLeases(ctx context.Context, all []model.Lease) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditTimeout)
	defer cancel()
	err := e.store.Update(ctx, func(tx model.Tx) error {
		for _, lease := range all {
			if err := tx.ReleaseLease(ctx, lease); err != nil {
				return err
			}
		}
		return nil
	}, writeKeys(all)...)
	if err != nil { // they expire
		e.log.WarnContext(ctx, "release leases", "error", err)
	}
}

func writeKeys(all []model.Lease) []model.WriteKey {
	keys := make([]model.WriteKey, len(all))
	for i := range all {
		keys[i] = model.LeaseKey(all[i].Key)
	}
	return keys
}

// seenLeases are leases of others that a waiting caller looks at again and again. One that stays as it is for as long as a
// lease lasts has no holder that lives, whatever the clock says.
type seenLeases struct {
	all map[string]seenLease
}

type seenLease struct {
	model.Lease
	since time.Time
}

// note remembers what a lease looks like. The time is this process's own, which no change of the clock touches.
func (s *seenLeases) note(l model.Lease) {
	if s.all == nil {
		s.all = map[string]seenLease{}
	}
	if s.all[l.Key].Lease != l {
		s.all[l.Key] = seenLease{Lease: l, since: time.Now()}
	}
}

// dead is the lease of a key as it was seen, if its holder is not alive.
func (s *seenLeases) dead(key string) *model.Lease {
	if found, ok := s.all[key]; ok && time.Since(found.since) >= leaseTime {
		return &found.Lease
	}
	return nil
}

// waitFor calls do until it does not fail with a *[heldError], or until the context ends; then the error is the last one.
func waitFor(ctx context.Context, do func() error) error {
	pause := minLeasePoll
	for {
		err := do()
		if held := new(heldError); !errors.As(err, &held) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
			pause = min(2*pause, maxLeasePoll)
		}
	}
}
