package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

const pathPolicies = "/v1/sync-policies"

// CreatePolicy creates a sync policy.
func (c *Client) CreatePolicy(ctx context.Context, in CreatePolicy) (Policy, error) {
	var out Policy
	err := c.do(ctx, call{method: http.MethodPost, path: pathPolicies, body: in}, &out)
	return out, err
}

// Policy reads a sync policy as [Client.Connection] does a connection.
func (c *Client) Policy(ctx context.Context, id string) (Policy, error) {
	return c.policies.readOne(ctx, id)
}

// RecentPolicy reads a sync policy as [Client.RecentConnection] does a connection.
func (c *Client) RecentPolicy(ctx context.Context, id string) (Policy, error) {
	return c.policies.readOneRecent(ctx, id)
}

// PolicyByName finds a sync policy by its name, regardless of letter case.
func (c *Client) PolicyByName(ctx context.Context, name string) (Policy, error) {
	return single("sync policy", name, func() ([]Policy, error) { return c.Policies(ctx, PolicyFilter{Name: name}) })
}

// Policies lists sync policies in the order of their creation. If there are more than [MaxItems], the error is a
// *[TooManyError].
func (c *Client) Policies(ctx context.Context, f PolicyFilter) ([]Policy, error) {
	return list[Policy](ctx, c, "sync policies", pathPolicies, f.query())
}

// EachPolicy is Policies for callers that stop early, up to a limit (zero: [MaxItems]).
func (c *Client) EachPolicy(ctx context.Context, f PolicyFilter, limit int) iter.Seq2[Policy, error] {
	return eachItem[Policy](ctx, c, "sync policies", pathPolicies, f.query(), limit)
}

func (f PolicyFilter) query() url.Values {
	q := query{}
	q.setIDs(f.IDs)
	q.set("name", f.Name)
	q.set("connection_id", f.ConnectionID)
	return url.Values(q)
}

// UpdatePolicy changes a sync policy. With a revision above zero, it fails if the policy has another revision now.
func (c *Client) UpdatePolicy(ctx context.Context, id string, revision int64, in UpdatePolicy) (Policy, error) {
	var out Policy
	err := c.do(ctx, call{method: http.MethodPatch, path: policyPath(id), body: in, revision: revision}, &out)
	return out, err
}

// DeletePolicy deletes a sync policy to which no user is assigned. The connections that its cycles used still count as used.
func (c *Client) DeletePolicy(ctx context.Context, id string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: policyPath(id)}, nil)
}

// StartCycle requests a full sync cycle, which runs in the control plane. [Client.Cycle] returns its progress.
func (c *Client) StartCycle(ctx context.Context, policyID string) (Cycle, error) {
	var out Cycle
	err := c.do(ctx, call{method: http.MethodPost, path: policyPath(policyID) + "/cycles"}, &out)
	return out, err
}

// Cycle reads a full sync cycle.
func (c *Client) Cycle(ctx context.Context, policyID, cycleID string) (Cycle, error) {
	var out Cycle
	path := policyPath(policyID) + "/cycles/" + url.PathEscape(cycleID)
	err := c.do(ctx, call{method: http.MethodGet, path: path}, &out)
	if err == nil && out.State != CycleRunning {
		c.wrote() // what the cycle wrote is what this client has asked for
	}
	return out, err
}

// SyncLogs lists sync logs, newest first, up to a limit (zero: [MaxItems]).
func (c *Client) SyncLogs(ctx context.Context, f SyncLogFilter, limit int) ([]SyncLog, error) {
	q := query{}
	q.set("user_email", f.UserEmail)
	q.set("policy_id", f.PolicyID)
	q.set("connection_id", f.ConnectionID)
	q.set("cycle_id", f.CycleID)
	if f.OnlyErrors {
		q.set("only_errors", strconv.FormatBool(true))
	}
	q.setTime("since", f.Since)
	items, _, err := listUpTo[SyncLog](ctx, c, "/v1/sync-logs", url.Values(q), limit)
	return items, err
}

func policyPath(id string) string { return pathPolicies + "/" + url.PathEscape(id) }
