package api

import (
	"slices"
	"strconv"
	"sync"
	"time"
)

// Terraform refreshes many resources, and asks for one object at a time. After a few calls, what it will ask for next is read
// ahead, in pages of the whole list. The objects are remembered for a short time.
const (
	// maxAge is how long an object is remembered. Within it, changes of other clients are not noticed.
	maxAge = 10 * time.Second
	// idCalls is the number of calls by id before the first page is read. A write begins the count again.
	idCalls = 2
	// firstPage is the number of objects in the first page. It leaves room for as many objects by id as fit into one call, so
	// that a few objects of many cost no more than the largest page.
	firstPage = MaxPage - MaxIDs
	// maxPagesAhead is the maximum number of pages of one list that are remembered.
	maxPagesAhead = 20
	// objectsPerUse is how many objects may be read ahead for each one that was asked for. A call costs about as much as some
	// tens of objects in a page. With fewer objects, pages start too late to save calls. With more, a configuration that
	// manages a few of many objects reads the second page in vain.
	objectsPerUse = 80
)

// memory has the objects that were read within the last [maxAge], and decides whether to read pages.
type memory[T any] struct {
	mu      sync.Mutex
	objects map[string]*remembered[T]
	cleaned time.Time
	// writes counts the writes of the client.
	writes int

	// calls counts the calls by id since the last page or write.
	calls int
	// pages counts the pages of the list that is being read, listed is when the first one was requested, and cursor is that of
	// the next one. It is empty after the last one.
	pages  int
	listed time.Time
	cursor string

	// ahead counts all objects in pages, and used those of them that were asked for.
	ahead, used int
}

// remembered is an object, and when the call that read it started.
type remembered[T any] struct {
	object T
	at     time.Time
	// asked reports that a caller asked for it.
	asked bool
}

// nextCall is a call that is about to start: for a page, or for ids.
type nextCall struct {
	at     time.Time
	writes int
	page   bool
	cursor string
}

// limit is the number of objects to request.
func (n nextCall) limit() string {
	if n.cursor == "" {
		return strconv.Itoa(firstPage)
	}
	return strconv.Itoa(MaxPage)
}

// find returns a remembered object.
func (m *memory[T]) find(id string) (object T, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found, ok := m.objects[id]
	if !ok || time.Since(found.at) >= maxAge {
		return object, false
	}
	if !found.asked {
		found.asked = true
		m.used++
	}
	return found.object, true
}

// nextCall decides what the next call reads.
func (m *memory[T]) nextCall() nextCall {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := nextCall{at: time.Now(), writes: m.writes}
	if m.pages > 0 && n.at.Sub(m.listed) >= maxAge {
		m.pages, m.cursor = 0, ""
	}
	if n.page = m.readsPage(); !n.page {
		m.calls++
		return n
	}
	if m.pages == 0 {
		m.listed = n.at
	}
	n.cursor = m.cursor
	m.pages++
	m.calls = 0
	return n
}

// readsPage reports whether the next call is for a page. Two pages never follow each other, so that a caller waits for at most
// one page that lacks its object. The caller of readsPage holds the lock.
func (m *memory[T]) readsPage() bool {
	switch {
	case m.ahead > m.used*objectsPerUse:
		return false
	case m.pages == 0:
		return m.calls >= idCalls
	}
	return m.calls > 0 && m.cursor != "" && m.pages < maxPagesAhead
}

// add remembers the objects of a call for ids.
func (m *memory[T]) add(from nextCall, objects map[string]T, ids []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.put(from, objects, ids)
}

// addPage remembers the objects of a page.
func (m *memory[T]) addPage(from nextCall, objects map[string]T, ids []string, next string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead += len(objects)
	m.used += m.put(from, objects, ids)
	if from.writes == m.writes {
		m.cursor = next
	}
}

// addFailedPage counts a page that could not be read. It costs as much as one with objects.
func (m *memory[T]) addFailedPage() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ahead += MaxPage
}

// put remembers objects, unless the client has written since the call started, and returns how many were asked for: with the
// call or before. The caller holds the lock.
func (m *memory[T]) put(from nextCall, objects map[string]T, ids []string) (asked int) {
	if m.objects == nil {
		m.objects = map[string]*remembered[T]{}
	}
	if time.Since(m.cleaned) >= maxAge {
		m.cleaned = time.Now()
		for id, old := range m.objects {
			if time.Since(old.at) >= maxAge {
				delete(m.objects, id)
			}
		}
	}
	for id, object := range objects {
		before := m.objects[id]
		entry := &remembered[T]{object: object, at: from.at, asked: before != nil && before.asked || slices.Contains(ids, id)}
		if entry.asked {
			asked++
		}
		if from.writes == m.writes {
			m.objects[id] = entry
		}
	}
	return asked
}

// forget deletes everything that was read before a write of the client ended. Calls that run are not remembered.
func (m *memory[T]) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.writes++
	clear(m.objects)
	m.calls, m.pages, m.cursor = 0, 0, ""
}
