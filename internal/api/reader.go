package api

import (
	"context"
	"maps"
	"net/http"
	"net/url"

	"github.com/google/uuid"
)

// reader reads objects of one kind by their ids. Concurrent reads share calls. Two readers of the same kind with different
// parameters share nothing: each has its own calls and its own memory.
type reader[T any] struct {
	client *Client
	// object names an object in problems, such as "sync policy". Path is that of the list.
	object, path string
	// parameters are sent with every call, beside the ids.
	parameters url.Values
	// id returns the id of an object.
	id func(*T) string

	// current has the reads that are sent to the control plane, and recent those that may be answered from memory.
	current, recent batch[string, T]
	memory          memory[T]
}

// newReader returns a reader of a client. Each write of the client deletes what it remembers.
func newReader[T any](c *Client, object, path string, parameters url.Values, id func(*T) string) *reader[T] {
	r := &reader[T]{client: c, object: object, path: path, parameters: parameters, id: id}
	r.current = batch[string, T]{limit: MaxIDs, run: r.readCurrent}
	r.recent = batch[string, T]{limit: MaxIDs, run: r.readRecent}
	c.memories = append(c.memories, &r.memory)
	return r
}

// readOne returns an object as it is now: the result of a call that starts after this one.
func (r *reader[T]) readOne(ctx context.Context, id string) (T, error) {
	if !isUUID(id) {
		return r.readInvalid(ctx, id)
	}
	return r.current.do(ctx, id)
}

// readOneRecent is readOne for callers that read many objects within a short time, such as the refresh of all resources. The
// result is not older than the last write of this client, nor than [maxAge]. Callers share it and must not change it.
func (r *reader[T]) readOneRecent(ctx context.Context, id string) (T, error) {
	if !isUUID(id) {
		return r.readInvalid(ctx, id)
	}
	if found, ok := r.memory.find(id); ok {
		return found, nil
	}
	return r.recent.do(ctx, id)
}

func isUUID(id string) bool {
	_, err := uuid.Parse(id)
	return err == nil
}

// readInvalid lets the control plane reject an invalid id. It must not share a call with other reads.
func (r *reader[T]) readInvalid(ctx context.Context, id string) (out T, err error) {
	in := call{method: http.MethodGet, path: r.path + "/" + url.PathEscape(id), query: r.parameters}
	err = r.client.do(ctx, in, &out)
	return out, err
}

// readCurrent runs one call for many ids.
func (r *reader[T]) readCurrent(ctx context.Context, ids []string) ([]batchResult[T], error) {
	found, err := r.list(ctx, ids)
	if err != nil {
		return nil, err
	}
	return r.results(ids, found), nil
}

// readRecent answers ids from memory, as far as it can. If memory has none of them, it runs one call: for these ids, or for a
// page of the list. An id that is not in the page waits for the next call.
func (r *reader[T]) readRecent(ctx context.Context, ids []string) ([]batchResult[T], error) {
	if results, found := r.remembered(ids); found {
		return results, nil
	}
	next := r.memory.nextCall()
	if !next.page {
		found, err := r.list(ctx, ids)
		if err != nil {
			return nil, err
		}
		r.memory.add(next, r.byID(found), ids)
		return r.results(ids, found), nil
	}
	page, err := r.readPage(ctx, next)
	if err != nil {
		if ctx.Err() == nil { // else all callers have left
			r.memory.addFailedPage()
		}
		return repeated[T](ids), nil
	}
	found := r.byID(page.Items)
	r.memory.addPage(next, found, ids, page.Next)
	results := repeated[T](ids)
	for i, id := range ids {
		if object, ok := found[id]; ok {
			results[i] = batchResult[T]{value: object}
		}
	}
	return results, nil
}

// remembered answers ids from memory. The others wait for the next call. It returns false if memory has none of them.
func (r *reader[T]) remembered(ids []string) (results []batchResult[T], found bool) {
	results = repeated[T](ids)
	for i, id := range ids {
		if object, ok := r.memory.find(id); ok {
			results[i], found = batchResult[T]{value: object}, true
		}
	}
	return results, found
}

// repeated are results of a call that answered none of the ids.
func repeated[T any](ids []string) []batchResult[T] {
	results := make([]batchResult[T], len(ids))
	for i := range results {
		results[i].repeat = true
	}
	return results
}

// list reads the objects with these ids.
func (r *reader[T]) list(ctx context.Context, ids []string) ([]T, error) {
	filter := query{}
	unique := make(map[string]struct{}, len(ids))
	for _, id := range ids {
		if _, ok := unique[id]; !ok {
			unique[id] = struct{}{}
			filter["id"] = append(filter["id"], id)
		}
	}
	return list[T](ctx, r.client, "objects", r.path, r.with(filter))
}

// readPage reads a page of the whole list. It is not retried and does not take long: instead, the ids are asked for.
func (r *reader[T]) readPage(ctx context.Context, next nextCall) (page List[T], err error) {
	ctx, cancel := context.WithTimeout(ctx, maxAge)
	defer cancel()
	filter := query{}
	filter.set("limit", next.limit())
	filter.set("cursor", next.cursor)
	in := call{method: http.MethodGet, path: r.path, query: r.with(filter), noRetry: true}
	if err := r.client.do(ctx, in, &page); err != nil {
		return page, err
	}
	page.Items = page.Items[:min(len(page.Items), MaxPage)]
	return page, nil
}

// with adds the parameters to those of a call.
func (r *reader[T]) with(filter query) url.Values {
	maps.Copy(filter, query(r.parameters))
	return url.Values(filter)
}

func (r *reader[T]) byID(objects []T) map[string]T {
	found := make(map[string]T, len(objects))
	for i := range objects {
		found[r.id(&objects[i])] = objects[i]
	}
	return found
}

// results returns the object for each id. One that was not found does not exist.
func (r *reader[T]) results(ids []string, objects []T) []batchResult[T] {
	found := r.byID(objects)
	results := make([]batchResult[T], len(ids))
	for i, id := range ids {
		object, ok := found[id]
		if results[i].value = object; !ok {
			results[i].err = NotFound(r.object, id)
		}
	}
	return results
}
