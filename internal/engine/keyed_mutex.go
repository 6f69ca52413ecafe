package engine

import (
	"context"
	"sync"
)

// keyedMutex is a mutex for each key. The zero value is ready to use.
type keyedMutex struct {
	mu    sync.Mutex
	locks map[any]*keyLock
}

type keyLock struct {
	held chan struct{}
	// refs counts the callers that hold the lock or wait for it. Without callers, the key is removed.
	refs int
}

// lock waits for the lock of a key, or until the context is done. The caller must call unlock.
func (m *keyedMutex) lock(ctx context.Context, key any) (unlock func(), err error) {
	l := m.acquire(key)
	select {
	case l.held <- struct{}{}:
		return func() { <-l.held; m.release(key, l) }, nil
	case <-ctx.Done():
		m.release(key, l)
		return nil, ctx.Err()
	}
}

func (m *keyedMutex) acquire(key any) *keyLock {
	m.mu.Lock()
	defer m.mu.Unlock()
	l, ok := m.locks[key]
	if !ok {
		if m.locks == nil {
			m.locks = map[any]*keyLock{}
		}
		l = &keyLock{held: make(chan struct{}, 1)}
		m.locks[key] = l
	}
	l.refs++
	return l
}

func (m *keyedMutex) release(key any, l *keyLock) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if l.refs--; l.refs == 0 {
		delete(m.locks, key)
	}
}
