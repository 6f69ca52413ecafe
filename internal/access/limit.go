package access

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// maxRemembered is how many entries one generation has: a limit on memory, whatever callers send.
const maxRemembered = 10_000

// generations is a map that forgets what was not used for the longest time. Its zero value is ready to use.
type generations[V any] struct {
	mu         sync.Mutex
	young, old map[string]V
}

// get returns a value, and puts what create returns if the key has none and create is not nil.
func (g *generations[V]) get(key string, create func() V) (V, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	value, ok := g.young[key]
	if ok {
		return value, true
	}
	if value, ok = g.old[key]; !ok {
		if create == nil {
			return value, false
		}
		value = create()
	}
	g.insert(key, value)
	return value, true
}

func (g *generations[V]) put(key string, value V) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.insert(key, value)
}

// insert puts a value into the young generation. The caller holds the lock.
func (g *generations[V]) insert(key string, value V) {
	if g.young == nil || len(g.young) >= maxRemembered {
		g.young, g.old = map[string]V{}, g.young
	}
	g.young[key] = value
}

// buckets are token buckets by key.
type buckets struct {
	rate Rate
	all  generations[*rate.Limiter]
}

// take takes a token from the bucket of the key. If it has none, it returns how long to wait for one.
func (b *buckets) take(key string, now time.Time) (wait time.Duration, ok bool) {
	bucket, _ := b.all.get(key, func() *rate.Limiter { return rate.NewLimiter(rate.Limit(b.rate.PerSecond), b.rate.Burst) })
	reserved := bucket.ReserveN(now, 1)
	if wait = reserved.DelayFrom(now); wait > 0 {
		reserved.CancelAt(now)
		return wait, false
	}
	return 0, true
}

// retryAfter is a wait in seconds, rounded up, as the header Retry-After has it.
func retryAfter(wait time.Duration) int { return int((wait + time.Second - 1) / time.Second) }
