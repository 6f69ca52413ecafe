package api

import (
	"context"
	"net/http"
)

// Instance identifies the control plane. The result is cached.
func (c *Client) Instance(ctx context.Context) (Instance, error) { return c.instance.get(ctx) }

// TargetSystems lists the systems that the control plane supports. The result is cached; callers must not change it.
func (c *Client) TargetSystems(ctx context.Context) ([]TargetSystem, error) {
	return c.systems.get(ctx)
}

func (c *Client) fetchInstance(ctx context.Context) (Instance, error) {
	var out Instance
	err := c.do(ctx, call{method: http.MethodGet, path: "/v1/instance"}, &out)
	return out, err
}

func (c *Client) fetchTargetSystems(ctx context.Context) ([]TargetSystem, error) {
	var out List[TargetSystem]
	err := c.do(ctx, call{method: http.MethodGet, path: "/v1/target-systems"}, &out)
	return out.Items, err
}
