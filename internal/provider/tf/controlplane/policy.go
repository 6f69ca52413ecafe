package controlplane

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// PolicyExists reports whether the control plane has a sync policy. It asks once for each id in a run, so that a plan of many
// users of one policy makes one call. Errors are not remembered.
func (a *Access) PolicyExists(ctx context.Context, id string) (bool, error) {
	if exists, known := a.policies.Load(id); known {
		return exists == true, nil
	}
	_, err := a.Client.Policy(ctx, id)
	if err != nil && !api.IsNotFound(err) {
		return false, err
	}
	a.policies.Store(id, err == nil)
	return err == nil, nil
}
