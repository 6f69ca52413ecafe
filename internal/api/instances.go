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
	err := c.do(ctx, call{method: http.MethodGet, path: pathInstance}, &out)
	return out, err
}

func (c *Client) fetchTargetSystems(ctx context.Context) ([]TargetSystem, error) {
	var out List[TargetSystem]
	err := c.do(ctx, call{method: http.MethodGet, path: "/v1/target-systems"}, &out)
	return out.Items, err
}

const pathInstance = "/v1/instance"

// checkInstance returns an error if only another control plane may be called. It asks once.
func (c *Client) checkInstance(ctx context.Context, in call) error {
	if c.wanted == "" || in.path == pathInstance {
		return nil
	}
	found, err := c.Instance(ctx)
	if err != nil {
		return err
	}
	if found.ID != c.wanted {
		return &OtherInstanceError{Want: c.wanted, Got: found.ID}
	}
	return nil
}
