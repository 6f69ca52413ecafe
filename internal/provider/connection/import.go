package connection

import (
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
)

// defaults are the attributes of an imported connection that only Terraform has: the same as without them in a configuration.
func defaults() model {
	return model{localAttributes: localAttributes{
		Verify: types.BoolValue(true), DeletionPolicy: types.StringValue(deletionDelete), Timeouts: controlplane.NoTimeouts(),
	}}
}
