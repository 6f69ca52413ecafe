package api

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
)

const pathUsers = "/v1/users"

// CreateUser creates a user.
func (c *Client) CreateUser(ctx context.Context, in CreateUser) (User, error) {
	var out User
	err := c.do(ctx, call{method: http.MethodPost, path: pathUsers, body: in}, &out)
	return out, err
}

// User reads a user as [Client.Connection] does a connection.
func (c *Client) User(ctx context.Context, id string) (User, error) { return c.users.readOne(ctx, id) }

// RecentUser reads a user as [Client.RecentConnection] does a connection.
func (c *Client) RecentUser(ctx context.Context, id string) (User, error) {
	return c.users.readOneRecent(ctx, id)
}

// UserByEmail finds a user by the email address, regardless of letter case.
func (c *Client) UserByEmail(ctx context.Context, email string) (User, error) {
	return single("user", email, func() ([]User, error) { return c.Users(ctx, UserFilter{Email: email}) })
}

// Users lists users in the order of their creation. If there are more than [MaxItems], the error is a *[TooManyError].
func (c *Client) Users(ctx context.Context, f UserFilter) ([]User, error) {
	return list[User](ctx, c, "users", pathUsers, f.query())
}

// EachUser is Users for callers that stop early, up to a limit (zero: [MaxItems]).
func (c *Client) EachUser(ctx context.Context, f UserFilter, limit int) iter.Seq2[User, error] {
	return eachItem[User](ctx, c, "users", pathUsers, f.query(), limit)
}

func (f UserFilter) query() url.Values {
	q := query{}
	q.setIDs(f.IDs)
	q.set("email", f.Email)
	if f.Enabled != nil {
		q.set("enabled", strconv.FormatBool(*f.Enabled))
	}
	q.set("sync_policy_id", f.SyncPolicyID)
	return url.Values(q)
}

// UpdateUser changes a user. With a revision above zero, it fails if the user has another revision now.
func (c *Client) UpdateUser(ctx context.Context, id string, revision int64, in UpdateUser) (User, error) {
	var out User
	err := c.do(ctx, call{method: http.MethodPatch, path: userPath(id), body: in, revision: revision}, &out)
	return out, err
}

// DeleteUser deletes a user. Sync logs about the user stay.
func (c *Client) DeleteUser(ctx context.Context, id string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: userPath(id)}, nil)
}

func userPath(id string) string { return pathUsers + "/" + url.PathEscape(id) }
