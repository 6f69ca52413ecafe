package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"net/url"
)

const pathConnections = "/v1/connections"

// CreateConnection creates a connection.
func (c *Client) CreateConnection(ctx context.Context, in CreateConnection) (Connection, error) {
	var out Connection
	err := c.do(ctx, call{method: http.MethodPost, path: pathConnections, query: c.include(ctx), body: in}, &out)
	return out, err
}

// Connection reads a connection. Concurrent reads share calls, and each gets the result of a call that started after it.
func (c *Client) Connection(ctx context.Context, id string) (Connection, error) {
	return c.connections.readOne(ctx, id)
}

// RecentConnection is Connection for callers that read many connections within a short time: connections are read ahead, and
// remembered until this client writes, runs a test or a cycle, but for at most 10 seconds. Callers must not change the result.
func (c *Client) RecentConnection(ctx context.Context, id string) (Connection, error) {
	found, err := c.ComparableConnection(ctx, id)
	found.CredentialsSet, found.ComparisonKey = nil, nil
	return found, err
}

// ComparableConnection is RecentConnection with the set of credentials and its comparison key, if [Options] request them, the
// control plane knows them and the client has [ScopeCompare].
func (c *Client) ComparableConnection(ctx context.Context, id string) (Connection, error) {
	if c.include(ctx) == nil {
		return c.connections.readOneRecent(ctx, id)
	}
	return c.comparable.readOneRecent(ctx, id)
}

// ConnectionByName finds a connection by its name, regardless of letter case.
func (c *Client) ConnectionByName(ctx context.Context, name string) (Connection, error) {
	return single("connection", name, func() ([]Connection, error) { return c.Connections(ctx, ConnectionFilter{Name: name}) })
}

// Connections lists connections in the order of their creation. If there are more than [MaxItems], the error is a
// *[TooManyError].
func (c *Client) Connections(ctx context.Context, f ConnectionFilter) ([]Connection, error) {
	return list[Connection](ctx, c, "connections", pathConnections, f.query())
}

// EachConnection is Connections for callers that stop early: it reads the next page only when it is needed, up to a limit
// (zero: [MaxItems]).
func (c *Client) EachConnection(ctx context.Context, f ConnectionFilter, limit int) iter.Seq2[Connection, error] {
	return eachItem[Connection](ctx, c, "connections", pathConnections, f.query(), limit)
}

func (f ConnectionFilter) query() url.Values {
	q := query{}
	q.setIDs(f.IDs)
	q.set("name", f.Name)
	q.set("kind", f.Kind)
	q.set("system", f.System)
	q.set("status", f.Status)
	return url.Values(q)
}

// UpdateConnection changes name, settings and credentials, and re-validates, all or nothing. With a revision above zero, it
// fails if the connection has another revision now.
func (c *Client) UpdateConnection(ctx context.Context, id string, revision int64, in UpdateConnection) (Connection, error) {
	var out Connection
	err := c.do(ctx, call{
		method: http.MethodPatch, path: connectionPath(id), query: c.include(ctx), body: in, revision: revision,
	}, &out)
	return out, err
}

// UpdateCredentials replaces the credentials and returns the documented message.
func (c *Client) UpdateCredentials(
	ctx context.Context, id string, revision int64, in UpdateCredentials,
) (UpdatedCredentials, error) {
	var out UpdatedCredentials
	path := connectionPath(id) + "/credentials"
	err := c.do(ctx, call{method: http.MethodPut, path: path, query: c.include(ctx), body: in, revision: revision}, &out)
	return out, err
}

// Revalidate signs in again, with the submitted or else the stored credentials, and refreshes the metadata. A fault of the
// target system is a [ProblemFault] with the id of the failed re-validation; nothing is stored in that case.
func (c *Client) Revalidate(ctx context.Context, id string, revision int64, in Revalidate) (Revalidation, error) {
	var out Revalidation
	path := connectionPath(id) + "/revalidations"
	err := c.do(ctx, call{method: http.MethodPost, path: path, body: in, revision: revision}, &out)
	return out, err
}

// Revalidation reads one of the last re-validations of a connection.
func (c *Client) Revalidation(ctx context.Context, id, revalidationID string) (Revalidation, error) {
	var out Revalidation
	err := c.do(ctx, call{method: http.MethodGet, path: revalidationPath(id, revalidationID)}, &out)
	return out, err
}

// DeleteConnection deletes a connection that nothing has used.
func (c *Client) DeleteConnection(ctx context.Context, id string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: connectionPath(id)}, nil)
}

// Compare compares credentials with those last submitted: [Equal], [Unequal], [NoneStored], or "" if the control plane
// withholds the result. Concurrent comparisons share calls.
func (c *Client) Compare(ctx context.Context, in Comparison) (string, error) {
	return c.comparisons.do(ctx, in)
}

// errMissingResult means that the control plane does not follow the contract.
var errMissingResult = errors.New("the response of the control plane has no result for it")

// maxComparisonBody keeps a request with many large secrets below [MaxBody].
const maxComparisonBody = MaxBody - 124<<10

func (c *Client) compare(ctx context.Context, comparisons []Comparison) ([]batchResult[string], error) {
	body, err := json.Marshal(CompareCredentials{Comparisons: comparisons})
	if err != nil {
		return nil, fmt.Errorf("encode comparisons: %w", err)
	}
	if half := len(comparisons) / 2; half > 0 && len(body) > maxComparisonBody {
		first, err := c.compare(ctx, comparisons[:half])
		if err != nil {
			return nil, err
		}
		second, err := c.compare(ctx, comparisons[half:])
		return append(first, second...), err
	}
	var out ComparedCredentials
	in := call{
		method: http.MethodPost, path: "/v1/credential-comparisons", body: json.RawMessage(body), changesNothing: true,
	}
	if err := c.do(ctx, in, &out); err != nil {
		return nil, err
	}
	if len(out.Results) != len(comparisons) {
		return nil, fmt.Errorf("compare credentials: %w", errMissingResult)
	}
	results := make([]batchResult[string], len(comparisons))
	for i, result := range out.Results {
		if result.ConnectionID != comparisons[i].ConnectionID {
			return nil, fmt.Errorf("compare credentials of connection %s: %w", comparisons[i].ConnectionID, errMissingResult)
		}
		results[i].value = result.Result
	}
	return results, nil
}

// RunTest runs a connection test. The test signs in to the target system, so it is not retried when the response is lost.
func (c *Client) RunTest(ctx context.Context, id string, in RunTest) (TestResult, error) {
	var out TestResult
	path := connectionPath(id) + "/tests"
	err := c.do(ctx, call{method: http.MethodPost, path: path, body: in, noRetry: true}, &out)
	return out, err
}

// Tests lists the tests of a connection, newest first, up to a limit (zero: [MaxItems]). The result is [Passed], [Failed] or
// empty for both.
func (c *Client) Tests(ctx context.Context, id, result string, limit int) ([]TestResult, error) {
	q := query{}
	q.set("result", result)
	items, _, err := listUpTo[TestResult](ctx, c, connectionPath(id)+"/tests", url.Values(q), limit)
	return items, err
}

// PurgeConnection deletes a connection for good, also one that a full sync cycle has used. Name is its name, as a confirmation.
// The scope is [ScopeAdmin].
func (c *Client) PurgeConnection(ctx context.Context, id, name string) error {
	in := call{method: http.MethodPost, path: connectionPath(id) + "/purge", body: PurgeConnection{Name: name}}
	return c.do(ctx, in, nil)
}

func connectionPath(id string) string { return pathConnections + "/" + url.PathEscape(id) }
